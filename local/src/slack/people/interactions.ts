import { SlackError } from '../errors.ts';
import { toApiMessage } from '../message-shapes.ts';
import type { Channel, Message, Press, RunCommand, RunShortcut } from '../page-api.ts';
import type { ResponseTarget } from '../response-urls.ts';
import { APP_ID, BOT_USER_ID, TEAM } from '../seed.ts';
import type { StoredMessage } from '../store/model.ts';
import { answerResponseUrl } from '../web-api/respond.ts';
import type { Workspace } from '../workspace.ts';
import { answerHint } from './absent.ts';
import { channelOf, messageOf } from './acts.ts';
import { viewPayload } from './view-payload.ts';

/** What the page tells the person when the app did not acknowledge in time. */
const NO_ANSWER = 'The app did not answer in time.';

export type Answer = { readonly ok: true } | { readonly ok: false; readonly warning: string };

/** The fields that every interactive payload has. */
export function commonFields({ store }: Workspace, person: string): Record<string, unknown> {
  const user = store.directory.user(person);
  if (!user) throw new SlackError('user_not_found');
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: TEAM.id },
    api_app_id: APP_ID,
    token: 'local',
    team: { id: TEAM.id, domain: TEAM.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** What people do that goes to the app at once and is not retried: buttons, commands, shortcuts. */
export function createInteractions(workspace: Workspace) {
  return {
    press: (request: Press): Promise<Answer> => press(workspace, request),
    command: (request: RunCommand): Promise<Answer> => command(workspace, request),
    shortcut: (request: RunShortcut): Promise<Answer> => shortcut(workspace, request),
  };
}

function responseUrl(workspace: Workspace, target: ResponseTarget): string {
  return `${workspace.baseUrl()}${workspace.responseUrls.issue(target)}`;
}

async function sendInteractive(workspace: Workspace, payload: Record<string, unknown>): Promise<Answer> {
  const ack = await workspace.hub.send({ type: 'interactive', payload });
  return ack === null ? { ok: false, warning: NO_ANSWER } : { ok: true };
}

async function press(workspace: Workspace, request: Press): Promise<Answer> {
  const action = { ...request.action, action_ts: workspace.newTs() };
  const common = { ...commonFields(workspace, request.as), type: 'block_actions', actions: [action] };
  const values = request.state ?? {};
  if ('viewId' in request.container) {
    const view = workspace.store.views.get(request.container.viewId);
    if (!view || view.user !== request.as) throw new SlackError('view_not_found');
    return sendInteractive(workspace, {
      ...common,
      container: { type: 'view', view_id: view.id },
      view: viewPayload(view, values),
      trigger_id: workspace.triggers.issue({ user: request.as, viewId: view.id }),
    });
  }
  const answer = answerHint(workspace, { ...request, container: request.container });
  if (answer) return answer;
  const pressed = pressedMessage(workspace, request.as, request.container);
  const channel = channelOf(workspace, request.as, request.container.channel);
  return sendInteractive(workspace, {
    ...common,
    container: {
      type: 'message',
      message_ts: pressed.ts,
      channel_id: channel.id,
      is_ephemeral: pressed.isEphemeral,
      ...(pressed.threadTs ? { thread_ts: pressed.threadTs } : {}),
    },
    trigger_id: workspace.triggers.issue({ user: request.as, viewId: null }),
    channel: { id: channel.id, name: channelName(channel) },
    ...(pressed.message ? { message: pressed.message } : {}),
    state: { values },
    response_url: responseUrl(workspace, {
      channel: channel.id,
      user: request.as,
      messageTs: pressed.ts,
      threadTs: pressed.threadTs,
    }),
  });
}

async function command(workspace: Workspace, request: RunCommand): Promise<Answer> {
  const channel = channelOf(workspace, request.as, request.channel);
  const [command = '', ...words] = request.text.trim().split(/\s+/);
  const isKnown = workspace.manifest.features.slash_commands.some((entry) => entry.command === command);
  if (!isKnown) return { ok: false, warning: `${command} is not a valid command.` };
  const user = workspace.store.directory.user(request.as);
  const target = { channel: channel.id, user: request.as, messageTs: null, threadTs: null };
  const ack = await workspace.hub.send({
    type: 'slash_commands',
    payload: {
      token: 'local',
      command,
      text: words.join(' '),
      team_id: TEAM.id,
      team_domain: TEAM.domain,
      channel_id: channel.id,
      channel_name: channelName(channel),
      user_id: request.as,
      user_name: user?.name ?? '',
      api_app_id: APP_ID,
      is_enterprise_install: 'false',
      response_url: responseUrl(workspace, target),
      trigger_id: workspace.triggers.issue({ user: request.as, viewId: null }),
    },
  });
  if (ack === null) return { ok: false, warning: NO_ANSWER };
  // An ack with content is the command's answer; `{}` means that there is none yet.
  if (typeof ack === 'object' && Object.keys(ack).length > 0) answerResponseUrl(workspace, target, ack);
  return { ok: true };
}

async function shortcut(workspace: Workspace, request: RunShortcut): Promise<Answer> {
  const common = {
    ...commonFields(workspace, request.as),
    callback_id: request.callbackId,
    action_ts: workspace.newTs(),
    trigger_id: workspace.triggers.issue({ user: request.as, viewId: null }),
  };
  if (!request.message) return sendInteractive(workspace, { ...common, type: 'shortcut' });
  const message = messageOf(workspace, request.as, request.message);
  const channel = channelOf(workspace, request.as, message.channel);
  return sendInteractive(workspace, {
    ...common,
    type: 'message_action',
    message_ts: message.ts,
    channel: { id: channel.id, name: channelName(channel) },
    message: toApiMessage(workspace, message),
    response_url: responseUrl(workspace, {
      channel: channel.id,
      user: request.as,
      messageTs: message.user === BOT_USER_ID ? message.ts : null,
      threadTs: message.threadTs,
    }),
  });
}

function channelName(channel: Channel): string {
  return channel.kind === 'dm' ? 'directmessage' : channel.name;
}

type Pressed = {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly isEphemeral: boolean;
  /** Slack leaves the message out when it is ephemeral. */
  readonly message: Record<string, unknown> | null;
};

function pressedMessage(workspace: Workspace, person: string, at: { channel: string; ts: string }): Pressed {
  const whispered: Message | null = workspace.ephemerals.get(at.channel, at.ts);
  if (whispered && whispered.ephemeralFor === person)
    return { ts: whispered.ts, threadTs: whispered.threadTs ?? null, isEphemeral: true, message: null };
  const message: StoredMessage = messageOf(workspace, person, at);
  const replies = workspace.store.messages.threadSummary(message.channel, message.ts).count;
  return {
    ts: message.ts,
    threadTs: replies > 0 ? message.ts : message.threadTs,
    isEphemeral: false,
    message: toApiMessage(workspace, message),
  };
}
