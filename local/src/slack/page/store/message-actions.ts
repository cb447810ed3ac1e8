import type { Message, PostMessage } from '../../page-api.ts';
import type { Api } from '../api.ts';
import type { Cell } from './cell.ts';
import { mergeMessages } from './reduce.ts';
import { emptyTimeline, placeOf, type State, type Timeline } from './state.ts';

const pageSize = 50;
const threadSize = 200;

/** Reading and writing messages. Failures end in the state (a failed timeline, a kept message) or in the toast. */
export function createMessageActions({ cell, api }: { cell: Cell<State>; api: Api }) {
  const say = (error: unknown) => cell.update((state) => ({ ...state, toast: sentence(error) }));
  const me = () => cell.get().me;

  /** Loads the newest page of a place; what is there already stays visible meanwhile. */
  async function load(channel: string, threadTs: string | null): Promise<void> {
    const place = placeOf(channel, threadTs);
    patch(cell, place, (timeline) => timeline ?? emptyTimeline);
    try {
      const limit = threadTs === null ? pageSize : threadSize;
      const page = await api.messages({ as: me(), channel, threadTs: threadTs ?? undefined, limit });
      // Messages for one person's eyes are not stored: a reload must not take them away.
      patch(cell, place, (timeline) => ({
        messages: mergeMessages(timeline?.messages.filter(isEphemeral) ?? [], page.messages),
        hasMore: page.hasMore,
        status: 'ready',
      }));
    } catch {
      patch(cell, place, (timeline) => ({ ...(timeline ?? emptyTimeline), status: 'failed' }));
    }
  }

  /** Counts as unread what other people wrote since then in conversations that are not on the screen. */
  async function countMissed(sinceMs: number): Promise<void> {
    const { workspace, route, me } = cell.get();
    const isSeen = (channel: string) => route.page === 'channel' && route.channel === channel;
    const others = workspace?.channels.filter(({ id }) => !isSeen(id)) ?? [];
    await Promise.all(
      others.map(async ({ id }) => {
        const page = await api.messages({ as: me, channel: id, limit: pageSize }).catch(() => null);
        const missed = page ? missedIn(page.messages, { me, sinceMs }) : 0;
        if (missed > 0) cell.update((state) => withUnread(state, { me, channel: id, missed }));
      }),
    );
  }

  /** Loads the page above what is shown. */
  async function loadOlder(channel: string, threadTs: string | null): Promise<void> {
    const place = placeOf(channel, threadTs);
    const timeline = cell.get().timelines[place];
    const before = timeline?.messages.find((message) => !isEphemeral(message))?.ts;
    if (!timeline?.hasMore || before === undefined) return;
    try {
      const page = await api.messages({
        as: me(),
        channel,
        threadTs: threadTs ?? undefined,
        before,
        limit: pageSize,
      });
      patch(cell, place, (now) => ({
        messages: mergeMessages(now?.messages ?? [], page.messages),
        hasMore: page.hasMore,
        status: 'ready',
      }));
    } catch (error) {
      say(error);
    }
  }

  /** Sends a message; when that fails it stays in the list with the reason. */
  async function send(body: PostMessage): Promise<void> {
    const id = crypto.randomUUID();
    const place = placeOf(body.channel, body.threadTs);
    cell.update((state) => ({ ...state, outgoing: [...state.outgoing, { id, place, body, error: null }] }));
    try {
      await api.post(body);
      cell.update((state) => ({ ...state, outgoing: state.outgoing.filter((one) => one.id !== id) }));
    } catch (error) {
      const outgoing = (state: State) =>
        state.outgoing.map((one) => (one.id === id ? { ...one, error: sentence(error) } : one));
      cell.update((state) => ({ ...state, outgoing: outgoing(state) }));
    }
  }

  const drop = (id: string) =>
    cell.update((state) => ({ ...state, outgoing: state.outgoing.filter((one) => one.id !== id) }));

  async function retry(id: string): Promise<void> {
    const found = cell.get().outgoing.find((one) => one.id === id);
    drop(id);
    if (found) await send(found.body);
  }

  const edit = (at: { channel: string; ts: string; text: string }) =>
    api.edit({ as: me(), ...at }).catch(say);
  const remove = (at: { channel: string; ts: string }) => api.remove({ as: me(), ...at }).catch(say);
  const react = (at: { channel: string; ts: string; name: string; remove: boolean }) =>
    api.react({ as: me(), ...at }).catch(say);

  return { load, loadOlder, countMissed, send, retry, drop, edit, remove, react };
}

function patch(cell: Cell<State>, place: string, change: (timeline: Timeline | undefined) => Timeline): void {
  cell.update((state) => ({
    ...state,
    timelines: { ...state.timelines, [place]: change(state.timelines[place]) },
  }));
}

/** New roots, and threads with new replies. */
function missedIn(messages: readonly Message[], { me, sinceMs }: { me: string; sinceMs: number }): number {
  const isNew = (ts: string | undefined) => ts !== undefined && Number(ts) * 1_000 > sinceMs;
  return messages.filter(({ user, ts, latestReply }) => (isNew(ts) && user !== me) || isNew(latestReply))
    .length;
}

function withUnread(
  state: State,
  { me, channel, missed }: { me: string; channel: string; missed: number },
): State {
  const isSeen = state.route.page === 'channel' && state.route.channel === channel;
  if (isSeen || state.me !== me) return state;
  return { ...state, unread: { ...state.unread, [channel]: (state.unread[channel] ?? 0) + missed } };
}

function isEphemeral(message: { readonly ephemeralFor?: string }): boolean {
  return message.ephemeralFor !== undefined;
}

/** What to tell the person about something that was caught. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}
