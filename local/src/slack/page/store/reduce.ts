import type { Bootstrap, CallLine, Channel, Message, PageEvent } from '../../page-api.ts';
import { emptyTimeline, placeOf, type State, type Timeline } from './state.ts';

/** The state after one event of the server. Total; an event about something that is not loaded changes nothing. */
export function applyEvent(state: State, event: PageEvent): State {
  switch (event.type) {
    case 'message':
      return arrived(state, event.message);
    case 'message_changed':
      return placeMessage(state, event.message, { add: false });
    case 'message_deleted':
      return removeMessage(state, event);
    case 'channel':
      return placeChannel(state, event.channel);
    case 'view_opened':
    case 'view_pushed':
      return { ...state, modals: [...state.modals.filter((view) => view.id !== event.view.id), event.view] };
    case 'view_updated':
      return {
        ...state,
        modals: state.modals.map((view) => (view.id === event.view.id ? event.view : view)),
      };
    case 'view_closed':
      return { ...state, modals: state.modals.filter((view) => view.id !== event.viewId) };
    case 'home':
      return { ...state, home: event.view };
    case 'status':
      return {
        ...state,
        statuses: { ...state.statuses, [placeOf(event.channel, event.threadTs)]: event.text },
      };
    case 'app':
      return inWorkspace(state, { app: event.app });
    case 'faults':
      return inWorkspace(state, { faults: event.faults });
    case 'calls':
      if (state.calls === null || state.calls === 'failed') return state;
      return { ...state, calls: mergeCalls(state.calls, event.calls) };
    case 'channel_gone':
      return inWorkspace(state, {
        channels: state.workspace?.channels.filter((channel) => channel.id !== event.channel) ?? [],
      });
  }
}

function inWorkspace(state: State, change: Partial<Bootstrap>): State {
  return state.workspace ? { ...state, workspace: { ...state.workspace, ...change } } : state;
}

/** How many calls the page keeps. */
export const keptCalls = 200;

/** Calls by their number, newest first, each once. */
export function mergeCalls(known: readonly CallLine[], added: readonly CallLine[]): readonly CallLine[] {
  const byId = new Map([...known, ...added].map((call) => [call.id, call]));
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, keptCalls);
}

function arrived(state: State, message: Message): State {
  const placed = placeMessage(state, message, { add: true });
  return clearStatus(countUnread(awaitReply(clearOutgoing(placed, message), message), message), message);
}

/** What the app said it was doing is over when it speaks. */
function clearStatus(state: State, message: Message): State {
  const place = placeOf(message.channel, message.threadTs ?? message.ts);
  if (message.botId === undefined || !state.statuses[place]) return state;
  return { ...state, statuses: { ...state.statuses, [place]: '' } };
}

/** Remembers a root that speaks to the app, so that its thread can open when the app answers. */
function awaitReply(state: State, message: Message): State {
  const bot = state.workspace?.app.botUserId ?? '';
  const channel = state.workspace?.channels.find((one) => one.id === message.channel);
  const isToApp =
    message.text.includes(`<@${bot}>`) || (channel?.kind === 'dm' && channel.members.includes(bot));
  const isMine =
    message.user === state.me && message.threadTs === undefined && message.ephemeralFor === undefined;
  if (!isMine || !isToApp) return state;
  return { ...state, awaiting: [...state.awaiting, placeOf(message.channel, message.ts)] };
}

/** Puts messages into a timeline by ts; one that is there already is replaced. */
export function mergeMessages(known: readonly Message[], added: readonly Message[]): readonly Message[] {
  const byTs = new Map(known.map((message) => [message.ts, message]));
  for (const message of added) byTs.set(message.ts, message);
  return [...byTs.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** Replaces or adds a conversation. */
export function placeChannel(state: State, channel: Channel): State {
  if (!state.workspace) return state;
  const known = state.workspace.channels;
  const channels = known.some((one) => one.id === channel.id)
    ? known.map((one) => (one.id === channel.id ? channel : one))
    : [...known, channel];
  return { ...state, workspace: { ...state.workspace, channels } };
}

/** Where a message is shown: in its channel, in its thread, or in both. */
function placesOf(message: Message): string[] {
  const { channel, threadTs, ts } = message;
  const isRoot = threadTs === undefined || threadTs === ts;
  if (isRoot) return [placeOf(channel), placeOf(channel, ts)];
  const thread = placeOf(channel, threadTs);
  return message.subtype === 'thread_broadcast' ? [placeOf(channel), thread] : [thread];
}

function placeMessage(state: State, message: Message, how: { add: boolean }): State {
  const timelines: Record<string, Timeline> = { ...state.timelines };
  for (const place of placesOf(message)) {
    // One for a single person's eyes is nowhere to be read again: it waits for the thread to be opened.
    const timeline = timelines[place] ?? (message.ephemeralFor === undefined ? undefined : emptyTimeline);
    if (!timeline || (!how.add && !timeline.messages.some((one) => one.ts === message.ts))) continue;
    timelines[place] = { ...timeline, messages: mergeMessages(timeline.messages, [message]) };
  }
  return { ...state, timelines };
}

function removeMessage(state: State, gone: { channel: string; ts: string; threadTs?: string }): State {
  const timelines: Record<string, Timeline> = { ...state.timelines };
  for (const place of [placeOf(gone.channel), placeOf(gone.channel, gone.threadTs ?? gone.ts)]) {
    const timeline = timelines[place];
    if (!timeline) continue;
    timelines[place] = { ...timeline, messages: timeline.messages.filter((one) => one.ts !== gone.ts) };
  }
  return { ...state, timelines };
}

/**
 * The person's own message arrived as an event, perhaps before the answer to the post: the oldest that is on its way
 * there has come through. Posts to one place are answered in order.
 */
function clearOutgoing(state: State, message: Message): State {
  if (message.user !== state.me || message.ephemeralFor !== undefined) return state;
  const place = placeOf(message.channel, message.threadTs === message.ts ? null : message.threadTs);
  const index = state.outgoing.findIndex((one) => one.place === place && one.error === null);
  return index === -1 ? state : { ...state, outgoing: state.outgoing.filter((_, i) => i !== index) };
}

function countUnread(state: State, message: Message): State {
  const seen = state.route.page === 'channel' && state.route.channel === message.channel;
  if (seen || message.user === state.me) return state;
  const count = (state.unread[message.channel] ?? 0) + 1;
  return { ...state, unread: { ...state.unread, [message.channel]: count } };
}
