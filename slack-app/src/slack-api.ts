import type { KnownBlock, View } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { UpstreamError } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import { z } from 'zod';
import type { Lane } from './scheduler/next-call.ts';
import type { CallRequest, Outcome } from './scheduler/scheduler-types.ts';
import type { WriteScheduler } from './scheduler/write-scheduler.ts';
import { shareInFlight } from './share-in-flight.ts';
import { classify } from './slack-client.ts';
import { historySchema, type SlackMessage, toSlackMessage } from './slack-messages.ts';

const EVENT_TYPE = 'deckhand_slot';

/** A form can be opened for three seconds after the press; half a second is for the way. In milliseconds. */
const FORM_MS = 2_500;
/** A screenshot of some megabytes over a slow line. In milliseconds. */
const UPLOAD_TIMEOUT_MS = 60_000;
/** A name is a courtesy: a request does not wait longer for it. In milliseconds. */
const NAME_MS = 3_000;

export type Thread = { readonly channel: string; readonly threadTs: string };

export type Identity = {
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string;
};

type PostedMessage = {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
};

/** How a call of delivery waits for its turn, and what is done around it. */
export type Turn = {
  readonly lane: Lane;
  readonly party: string;
  /** Hears that the call leaves, and that it waits again after all: see CallRequest. */
  readonly onWire?: (isOnWire: boolean) => void;
  /** Called when it is its turn. Makes the call, or throws instead of making it. */
  readonly around: <T>(call: () => Promise<T>) => Promise<T>;
};

/**
 * What we ask of Slack's Web API, each call in its turn. Every failure is an UpstreamError: `slack.unreachable` may pass
 * by itself (and the call may have been done), `slack.refused` will not. Only what was certainly not done is sent again
 * by itself, because a post that was cut off may have been made.
 */
export interface SlackApi {
  /** Not scheduled: it is the first call, and tells whether Slack takes the token. */
  identify(): Promise<Identity>;
  /** A post that waits is replaced by a newer one for the same slot. */
  post(
    thread: Thread,
    content: PostedMessage,
    slot: { readonly session: string; readonly slot: string },
    turn: Turn,
  ): Promise<Outcome<{ readonly ts: string }>>;
  /** An edit that waits is replaced by a newer one of the same message. */
  update(
    message: { readonly channel: string; readonly ts: string },
    content: PostedMessage,
    turn: Turn,
  ): Promise<Outcome<unknown>>;
  remove(message: { readonly channel: string; readonly ts: string }, turn: Turn): Promise<Outcome<unknown>>;
  upload(
    thread: Thread,
    file: { readonly name: string; readonly title: string; readonly bytes: Uint8Array },
    turn: Turn,
  ): Promise<Outcome<unknown>>;
  /** A direct message to a person. */
  tell(user: string, text: string, turn: Turn): Promise<Outcome<{ readonly ts: string }>>;
  /** A thread's messages, oldest first; all of them, in pages. */
  thread(thread: Thread, options?: Reading): AsyncIterable<SlackMessage>;
  /** A channel's messages without replies, newest first. */
  history(channel: string, options: Reading): AsyncIterable<SlackMessage>;
  /** Channels and direct conversations that we are in and that are not archived. */
  channels(): AsyncIterable<string>;
  react(message: { readonly channel: string; readonly ts: string }, emoji: string): Promise<void>;
  /** A sentence that only this person sees. Without a `threadTs` it stands in the channel. */
  whisper(
    to: { readonly channel: string; readonly user: string; readonly threadTs: string | null },
    text: string,
  ): Promise<void>;
  openView(triggerId: string, view: View): Promise<void>;
  publishHome(user: string, view: View): Promise<void>;
  /** A name, and whether it is a guest or stranger of the team, or a bot. */
  person(user: string): Promise<{ readonly name: string; readonly isGuest: boolean }>;
  channelName(channel: string): Promise<string>;
}

type Reading = {
  readonly lane?: Lane;
  /** Only messages after this ts. */
  readonly after?: string;
};

const postedSchema = z.object({ ts: z.string() });
const identitySchema = z.object({ team_id: z.string(), user_id: z.string(), bot_id: z.string() });
const userSchema = z.object({
  user: z.object({
    name: z.string().default(''),
    real_name: z.string().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    profile: z.object({ display_name: z.string().optional() }).optional(),
  }),
});
const channelSchema = z.object({ channel: z.object({ name: z.string().default('') }) });
const channelsSchema = z.object({
  channels: z.array(
    z.object({ id: z.string(), is_im: z.boolean().optional(), is_member: z.boolean().optional() }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

export type SlackApiDeps = {
  readonly client: WebClient;
  readonly scheduler: Pick<WriteScheduler, 'run'>;
  readonly clock: Clock;
};

export function createSlackApi(deps: SlackApiDeps): SlackApi {
  return {
    identify: async () => {
      const answer = identitySchema.parse(await classify(() => deps.client.auth.test()));
      return { teamId: answer.team_id, botUserId: answer.user_id, botId: answer.bot_id };
    },
    ...messageCalls(deps),
    ...uploads(deps),
    ...readings(deps),
    ...courtesies(deps),
  };
}

function messageCalls({
  client,
  scheduler,
}: SlackApiDeps): Pick<SlackApi, 'post' | 'update' | 'remove' | 'tell'> {
  const inTurn = <T>(request: Omit<CallRequest, 'lane' | 'party'>, turn: Turn, call: () => Promise<T>) =>
    scheduler.run(
      {
        lane: turn.lane,
        party: turn.party,
        ...request,
        ...(turn.onWire && request.key !== undefined && { onWire: turn.onWire }),
      },
      () => turn.around(() => classify(call)),
    );
  return {
    post: (thread, content, slot, turn) =>
      inTurn(
        { method: 'chat.postMessage', channel: thread.channel, key: `${slot.session}/${slot.slot}` },
        turn,
        async () =>
          postedSchema.parse(
            await client.chat.postMessage({
              channel: thread.channel,
              thread_ts: thread.threadTs,
              text: content.text,
              blocks: [...content.blocks],
              unfurl_links: false,
              unfurl_media: false,
              metadata: {
                event_type: EVENT_TYPE,
                event_payload: { slot: slot.slot, session: slot.session },
              },
            }),
          ),
      ),
    update: (message, content, turn) =>
      inTurn(
        { method: 'chat.update', channel: message.channel, key: `${message.channel}:${message.ts}` },
        turn,
        () => client.chat.update({ ...message, text: content.text, blocks: [...content.blocks] }),
      ),
    remove: (message, turn) =>
      inTurn({ method: 'chat.delete', channel: message.channel }, turn, () => client.chat.delete(message)),
    tell: (user, text, turn) =>
      inTurn({ method: 'chat.postMessage', channel: user }, turn, async () =>
        postedSchema.parse(
          await client.chat.postMessage({ channel: user, text, unfurl_links: false, unfurl_media: false }),
        ),
      ),
  };
}

const uploadUrlSchema = z.object({ upload_url: z.string(), file_id: z.string() });

/** The three steps of an upload; only the last one makes the file visible. */
function uploads({ client, scheduler }: SlackApiDeps): Pick<SlackApi, 'upload'> {
  return {
    upload: async (thread, file, turn) => {
      const { lane, party } = turn;
      const place = await scheduler.run(
        { method: 'files.getUploadURLExternal', channel: null, lane, party },
        () =>
          classify(async () =>
            uploadUrlSchema.parse(
              await client.files.getUploadURLExternal({ filename: file.name, length: file.bytes.length }),
            ),
          ),
      );
      if (!place.sent) return place;
      await sendBytes(place.value.upload_url, file.bytes);
      return scheduler.run(
        { method: 'files.completeUploadExternal', channel: thread.channel, lane, party },
        () =>
          turn.around(() =>
            classify(() =>
              client.files.completeUploadExternal({
                files: [{ id: place.value.file_id, title: file.title }],
                channel_id: thread.channel,
                thread_ts: thread.threadTs,
              }),
            ),
          ),
      );
    },
  };
}

/** Hands the bytes to where Slack said. It is not a Web API method and has no limit of its own. */
async function sendBytes(url: string, bytes: Uint8Array): Promise<void> {
  const answer = await put(url, bytes).catch((error: unknown) => {
    throw new UpstreamError('slack.unreachable', 'no answer', { cause: error });
  });
  if (!answer.ok) throw new UpstreamError('slack.unreachable', `status ${answer.status}`);
}

function put(url: string, bytes: Uint8Array): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: new Uint8Array(bytes),
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  });
}

type Page = { readonly cursor?: string };

function readings(deps: SlackApiDeps): Pick<SlackApi, 'thread' | 'history' | 'channels'> {
  const { client } = deps;
  async function* pages(
    request: Omit<CallRequest, 'party'>,
    ask: (page: Page) => Promise<unknown>,
  ): AsyncGenerator<SlackMessage> {
    let cursor: string | undefined;
    do {
      const page = { ...(cursor && { cursor }) };
      const answer = await sent(deps, { party: request.channel ?? '', ...request }, async () =>
        historySchema.parse(await ask(page)),
      );
      yield* answer.messages.map(toSlackMessage);
      cursor = answer.response_metadata?.next_cursor;
    } while (cursor);
  }
  return {
    thread: ({ channel, threadTs }, { lane = 'question', after } = {}) =>
      pages({ method: 'conversations.replies', channel, lane }, (page) =>
        client.conversations.replies({
          channel,
          ts: threadTs,
          limit: 200,
          include_all_metadata: true,
          ...(after && { oldest: after }),
          ...page,
        }),
      ),
    history: (channel, { lane = 'search', after }) =>
      pages({ method: 'conversations.history', channel, lane }, (page) =>
        client.conversations.history({ channel, limit: 200, ...(after && { oldest: after }), ...page }),
      ),
    channels: () => listChannels(deps),
  };
}

async function* listChannels(deps: SlackApiDeps): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const answer = await sent(
      deps,
      { method: 'conversations.list', channel: null, lane: 'search', party: 'channels' },
      async () =>
        channelsSchema.parse(
          await deps.client.conversations.list({
            types: 'public_channel,private_channel,im',
            exclude_archived: true,
            limit: 200,
            ...(cursor && { cursor }),
          }),
        ),
    );
    for (const channel of answer.channels) if (channel.is_im || channel.is_member) yield channel.id;
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor);
}

function courtesies(
  deps: SlackApiDeps,
): Pick<SlackApi, 'react' | 'whisper' | 'openView' | 'publishHome' | 'person' | 'channelName'> {
  const { client, clock } = deps;
  const people = shareInFlight<{ readonly name: string; readonly isGuest: boolean }>();
  const channels = shareInFlight<string>();
  return {
    react: async ({ channel, ts }, emoji) => {
      await sent(deps, { method: 'reactions.add', channel, lane: 'status', party: channel }, () =>
        client.reactions.add({ channel, timestamp: ts, name: emoji }),
      );
    },
    whisper: async ({ channel, user, threadTs }, text) => {
      await sent(deps, { method: 'chat.postEphemeral', channel, lane: 'error', party: user }, () =>
        client.chat.postEphemeral({ channel, user, text, ...(threadTs !== null && { thread_ts: threadTs }) }),
      );
    },
    openView: async (triggerId, view) => {
      const expiresAt = clock.now() + FORM_MS;
      await sent(
        deps,
        { method: 'views.open', channel: null, lane: 'now', party: triggerId, expiresAt },
        () => client.views.open({ trigger_id: triggerId, view }),
      );
    },
    publishHome: async (user, view) => {
      const key = `home:${user}`;
      // A newer view of the same Home is as good.
      await deps.scheduler.run(
        { method: 'views.publish', channel: null, lane: 'status', party: user, key },
        () => classify(() => client.views.publish({ user_id: user, view })),
      );
    },
    person: (user) =>
      people(user, async () => {
        // It decides who may do what, so a request waits for it.
        const request = { method: 'users.info', channel: null, lane: 'question', party: user } as const;
        const { user: found } = userSchema.parse(
          await sent(deps, request, () => client.users.info({ user })),
        );
        return {
          name: found.profile?.display_name || found.real_name || found.name || user,
          isGuest: [found.is_restricted, found.is_ultra_restricted, found.is_stranger, found.is_bot].includes(
            true,
          ),
        };
      }),
    channelName: (channel) =>
      channels(channel, async () => {
        const expiresAt = clock.now() + NAME_MS;
        const method = 'conversations.info';
        const request = { method, channel, lane: 'question', party: channel, expiresAt } as const;
        const answer = await sent(deps, request, () => client.conversations.info({ channel }));
        return channelSchema.parse(answer).channel.name || channel;
      }),
  };
}

/** The answer of a call that has to be sent. One that was not is a failure that may pass. */
async function sent<T>(deps: SlackApiDeps, request: CallRequest, call: () => Promise<T>): Promise<T> {
  const outcome = await deps.scheduler.run(request, () => classify(call));
  if (outcome.sent) return outcome.value;
  const cause = outcome.why === 'closed' ? CLOSING : undefined;
  throw new UpstreamError('slack.unreachable', `not sent: ${outcome.why}`, { cause });
}

const CLOSING = Symbol('closing');

/** Whether a call was only not made because we are closing: nothing has failed, and the next start makes it. */
export function isClosing(error: unknown): boolean {
  return error instanceof UpstreamError && error.cause === CLOSING;
}
