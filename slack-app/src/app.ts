import { App, type Receiver } from '@slack/bolt';
import type { Logger } from 'orchestrator/platform/log';
import { z } from 'zod';
import { readEdit } from './edits.ts';
import { onPress } from './listeners/actions.ts';
import { onEdit } from './listeners/edits.ts';
import { onHomeOpened } from './listeners/home.ts';
import type { ListenerDeps } from './listeners/listener-deps.ts';
import { onPost } from './listeners/messages.ts';
import { postSchema } from './listeners/post.ts';
import { onPullRequestForm } from './listeners/pull-request-form.ts';
import { onNativeStop, onReaction } from './listeners/stops.ts';
import type { Identity } from './slack-api.ts';
import { slackLogger } from './slack-logger.ts';
import { PULL_REQUEST_FORM } from './views/action-ids.ts';
import { HELP } from './views/help.ts';

export type AppOptions = {
  readonly receiver: Receiver;
  readonly identity: Identity;
  readonly botToken: string;
  readonly slackApiUrl?: string;
  readonly log: Logger;
};

/** Bolt, routing what Slack says. It authorises with what was found out at start and makes no calls of its own. */
export function createApp(options: AppOptions): App {
  const { receiver, identity, botToken, slackApiUrl, log } = options;
  const { teamId, botUserId, botId } = identity;
  const app = new App({
    receiver,
    authorize: () => Promise.resolve({ botToken, botId, botUserId, teamId }),
    logger: slackLogger(log),
    clientOptions: {
      timeout: 15_000,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
      ...(slackApiUrl && { slackApiUrl }),
    },
  });
  // Who handed the delivery in decides what its failure means: see inbox.ts and main.ts.
  app.error((error) => Promise.reject(error.original ?? error));
  return app;
}

const homeOpenedSchema = z.object({ user: z.string(), tab: z.string().default('home') });
const submissionSchema = z.object({ user: z.object({ id: z.string() }), view: z.unknown() });

/** Which listener hears what. What none of them acknowledges is acknowledged by whoever took it in. */
export function listen(app: App, deps: ListenerDeps): void {
  app.event('app_mention', async ({ event }) => onPost(deps, postSchema.parse(event)));
  app.event('message', async ({ event }) => {
    const edit = readEdit(event);
    if (edit) return onEdit(deps, edit);
    // Joins and the like have other shapes and are none of our business.
    const post = postSchema.safeParse(event);
    if (post.success) await onPost(deps, post.data);
  });
  app.event('app_home_opened', async ({ event }) => {
    const { user, tab } = homeOpenedSchema.parse(event);
    if (tab === 'home') await onHomeOpened(deps, user);
  });
  app.event('reaction_added', async ({ event }) => onReaction(deps, event));
  app.event('agent_session_stopped', async ({ event }) => onNativeStop(deps, event));
  app.action(/^/, async ({ body }) => onPress(deps, body));
  app.view(PULL_REQUEST_FORM, async ({ ack, body }) => {
    const { user, view } = submissionSchema.parse(body);
    const errors = await onPullRequestForm(deps, { user: user.id, view });
    await (errors ? ack({ response_action: 'errors', errors }) : ack());
  });
  app.command(/^/, async ({ ack }) => ack({ response_type: 'ephemeral', text: HELP }));
}
