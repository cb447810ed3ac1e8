import type { KnownBlock, View } from '@slack/types';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import { UpstreamError } from 'orchestrator/domain';
import type { Logger } from 'orchestrator/platform/log';
import { z } from 'zod';
import { slackLogger } from './slack-logger.ts';

/** A request that Slack has not answered by then is given up; without it a dead connection would wait for ever. */
const TIMEOUT_MS = 15_000;
const EVENT_TYPE = 'deckhand_slot';

export type Thread = { readonly channel: string; readonly threadTs: string };

type ThreadMessage = {
  readonly ts: string;
  /** The person or bot who wrote it; null for what Slack wrote. */
  readonly user: string | null;
  readonly text: string;
  /** Set on our own messages. */
  readonly slot: { readonly session: string; readonly slot: string } | null;
  readonly fileNames: readonly string[];
};

export type Identity = {
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string;
};

type PostedMessage = {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
};

/**
 * What we ask of Slack's Web API. Every failure is an UpstreamError: `slack.unreachable` may pass by itself (and the
 * call may have been done), `slack.refused` will not. Nothing is retried in here, because a post that was cut off may
 * have been made.
 */
export interface SlackApi {
  identify(): Promise<Identity>;
  post(
    thread: Thread,
    content: PostedMessage,
    slot: { readonly session: string; readonly slot: string },
  ): Promise<{ readonly ts: string }>;
  update(message: { readonly channel: string; readonly ts: string }, content: PostedMessage): Promise<void>;
  upload(
    thread: Thread,
    file: { readonly name: string; readonly title: string; readonly bytes: Uint8Array },
  ): Promise<void>;
  /** A thread's messages, oldest first; all of them, in pages. */
  thread(thread: Thread): AsyncIterable<ThreadMessage>;
  react(message: { readonly channel: string; readonly ts: string }, emoji: string): Promise<void>;
  /** A sentence that only this person sees. Without a `threadTs` it stands in the channel. */
  whisper(
    to: { readonly channel: string; readonly user: string; readonly threadTs: string | null },
    text: string,
  ): Promise<void>;
  openView(triggerId: string, view: View): Promise<void>;
  publishHome(user: string, view: View): Promise<void>;
  userName(user: string): Promise<string>;
  channelName(channel: string): Promise<string>;
}

const postedSchema = z.object({ ts: z.string() });
const identitySchema = z.object({ team_id: z.string(), user_id: z.string(), bot_id: z.string() });
const metadataSchema = z.object({
  event_type: z.literal(EVENT_TYPE),
  event_payload: z.object({ slot: z.string(), session: z.string() }),
});
const messageSchema = z.object({
  ts: z.string(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  metadata: metadataSchema.optional().catch(undefined),
  files: z
    .array(z.object({ name: z.string().nullish() }))
    .optional()
    .catch(undefined),
});
const repliesSchema = z.object({
  messages: z.array(messageSchema),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const userSchema = z.object({
  user: z.object({
    name: z.string().default(''),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional() }).optional(),
  }),
});
const channelSchema = z.object({ channel: z.object({ name: z.string().default('') }) });

export function createSlackApi(options: { token: string; slackApiUrl?: string; log: Logger }): SlackApi {
  // One object for this client alone: web-api and socket-mode both write into the options that they are given.
  const client = new WebClient(options.token, {
    timeout: TIMEOUT_MS,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: slackLogger(options.log),
    ...(options.slackApiUrl && { slackApiUrl: options.slackApiUrl }),
  });
  const api = {
    identify: async () => {
      const answer = identitySchema.parse(await client.auth.test());
      return { teamId: answer.team_id, botUserId: answer.user_id, botId: answer.bot_id };
    },
    ...messages(client),
    react: async (message: { channel: string; ts: string }, emoji: string) => {
      await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: emoji });
    },
    openView: async (triggerId: string, view: View) => {
      await client.views.open({ trigger_id: triggerId, view });
    },
    publishHome: async (user: string, view: View) => {
      await client.views.publish({ user_id: user, view });
    },
    userName: async (user: string) => {
      const { user: found } = userSchema.parse(await client.users.info({ user }));
      return found.profile?.display_name || found.real_name || found.name || user;
    },
    channelName: async (channel: string) =>
      channelSchema.parse(await client.conversations.info({ channel })).channel.name || channel,
  };
  return { ...classified(api), thread: (thread) => readThread(client, thread) };
}

function messages(client: WebClient) {
  return {
    post: async (thread: Thread, content: PostedMessage, slot: { session: string; slot: string }) =>
      postedSchema.parse(
        await client.chat.postMessage({
          channel: thread.channel,
          thread_ts: thread.threadTs,
          text: content.text,
          blocks: [...content.blocks],
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: EVENT_TYPE, event_payload: { slot: slot.slot, session: slot.session } },
        }),
      ),
    update: async (message: { channel: string; ts: string }, content: PostedMessage) => {
      await client.chat.update({
        channel: message.channel,
        ts: message.ts,
        text: content.text,
        blocks: [...content.blocks],
      });
    },
    upload: async (thread: Thread, file: { name: string; title: string; bytes: Uint8Array }) => {
      await client.filesUploadV2({
        channel_id: thread.channel,
        thread_ts: thread.threadTs,
        filename: file.name,
        title: file.title,
        file: Buffer.from(file.bytes),
      });
    },
    whisper: async (to: { channel: string; user: string; threadTs: string | null }, text: string) => {
      await client.chat.postEphemeral({
        channel: to.channel,
        user: to.user,
        text,
        ...(to.threadTs !== null && { thread_ts: to.threadTs }),
      });
    },
  };
}

async function* readThread(client: WebClient, thread: Thread): AsyncGenerator<ThreadMessage> {
  let cursor: string | undefined;
  do {
    const request = {
      channel: thread.channel,
      ts: thread.threadTs,
      limit: 200,
      include_all_metadata: true,
      ...(cursor && { cursor }),
    };
    const page = repliesSchema.parse(await classify(() => client.conversations.replies(request)));
    yield* page.messages.map(asThreadMessage);
    cursor = page.response_metadata?.next_cursor;
  } while (cursor);
}

function asThreadMessage(message: z.infer<typeof messageSchema>): ThreadMessage {
  return {
    ts: message.ts,
    user: message.user ?? message.bot_id ?? null,
    text: message.text,
    slot: message.metadata?.event_payload ?? null,
    fileNames: (message.files ?? []).map((file) => file.name ?? ''),
  };
}

type Calls = { readonly [name: string]: (...args: never[]) => Promise<unknown> };

/** Gives every call's failure one of our codes. */
function classified<Api extends Calls>(api: Api): Api {
  const wrapped = Object.entries(api).map(([name, call]) => [
    name,
    (...args: never[]) => classify(() => call(...args)),
  ]);
  // The entries are the same names with functions of the same types.
  return Object.fromEntries(wrapped) as Api;
}

async function classify<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asUpstreamError(error);
  }
}

/** Platform errors that pass by themselves; all others say that the request itself is wrong. */
const PASSING: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
]);

function asUpstreamError(error: unknown): unknown {
  if (error instanceof WebAPIPlatformError) {
    const reason = error.data.error;
    // A proxy's HTML page with status 200 ends here too, with the page as its "error".
    const passing = PASSING.has(reason) || !/^[a-z_]{1,60}$/.test(reason);
    return new UpstreamError(passing ? 'slack.unreachable' : 'slack.refused', reason.slice(0, 200), {
      cause: error,
    });
  }
  if (error instanceof WebAPIHTTPError)
    return new UpstreamError('slack.unreachable', `status ${error.statusCode}`, { cause: error });
  if (error instanceof WebAPIRateLimitedError)
    return new UpstreamError('slack.unreachable', 'rate limited', { cause: error });
  if (error instanceof WebAPIRequestError)
    return new UpstreamError('slack.unreachable', 'no answer', { cause: error });
  return error;
}

/** How long Slack asked us to wait, in milliseconds; null when it did not. */
export function rateLimitWaitMs(error: unknown): number | null {
  if (!(error instanceof UpstreamError)) return null;
  if (error.cause instanceof WebAPIRateLimitedError) return error.cause.retryAfter * 1_000;
  return ['ratelimited', 'rate_limited'].includes(error.message) ? 1_000 : null;
}
