import type { Message } from '../../page-api.ts';
import type { Api } from '../api.ts';
import type { Cell } from './cell.ts';
import type { createMessageActions } from './message-actions.ts';
import { sentence } from './message-actions.ts';
import { placeChannel } from './reduce.ts';
import { hashOf, parseRoute } from './route.ts';
import { placeOf, type State } from './state.ts';

type Load = ReturnType<typeof createMessageActions>['load'];

type NavigationDeps = {
  readonly cell: Cell<State>;
  readonly api: Api;
  readonly load: Load;
  readonly loadCalls: () => Promise<void>;
};

/** Moving about: the address is the truth, the state follows it and loads what it shows. */
export function createNavigation({ cell, api, load, loadCalls }: NavigationDeps) {
  /** Goes to an address, `#/C…`. */
  const go = (hash: string) => {
    window.location.hash = hash;
  };

  /** Takes over the address, after it changed or at the start. */
  async function follow(): Promise<void> {
    const route = parseRoute(window.location.hash);
    cell.update((state) => ({ ...state, route, unread: seen(state, route) }));
    await refresh();
  }

  /** Loads again what is on the screen: after a move, and after a break in the events. */
  async function refresh(): Promise<void> {
    const { route, workspace, me } = cell.get();
    if (!workspace) return;
    if (route.page === 'start') return start();
    if (route.page === 'app') return openApp(route.tab);
    if (route.page === 'faults') return loadCalls();
    // Another person's conversation: the page says so.
    if (!workspace.channels.some((channel) => channel.id === route.channel)) return;
    const thread = route.threadTs === null ? null : load(route.channel, route.threadTs);
    await Promise.all([load(route.channel, null), thread]);
    leadToRoot(me);
  }

  function start(): void {
    const first = cell
      .get()
      .workspace?.channels.find((channel) => channel.kind === 'channel' && !channel.isArchived);
    if (first) window.location.replace(hashOf({ channel: first.id }));
  }

  async function openApp(tab: 'home' | 'messages'): Promise<void> {
    const { me, workspace } = cell.get();
    try {
      if (tab === 'messages' && workspace) return await openDm(workspace.app.botUserId);
      await api.openHome({ as: me, tab });
      const { view } = await api.home(me);
      cell.update((state) => (state.me === me ? { ...state, home: view } : state));
    } catch (error) {
      cell.update((state) => ({ ...state, toast: sentence(error) }));
    }
  }

  /** Opens the direct conversation with a person or the app. */
  async function openDm(user: string): Promise<void> {
    const { me, workspace } = cell.get();
    try {
      const channel = await api.openDm({ as: me, with: user });
      cell.update((state) => placeChannel(state, channel));
      if (user === workspace?.app.botUserId) await api.openHome({ as: me, tab: 'messages' });
      window.location.replace(hashOf({ channel: channel.id }));
    } catch (error) {
      cell.update((state) => ({ ...state, toast: sentence(error) }));
    }
  }

  /** A link may name a reply without its thread: show the thread, with the reply lit up. */
  function leadToRoot(me: string): void {
    const { route, timelines, me: now } = cell.get();
    if (route.page !== 'channel' || route.threadTs === null || me !== now) return;
    const { channel, threadTs } = route;
    const root = timelines[placeOf(channel, threadTs)]?.messages.find((one) => one.ts === threadTs)?.threadTs;
    if (root !== undefined && root !== threadTs) {
      window.location.replace(hashOf({ channel, threadTs: root, reply: threadTs }));
    }
  }

  /** Opens the thread of a root that waited for the app's answer, unless the person is reading another thread. */
  function welcome(message: Pick<Message, 'channel' | 'threadTs'>): void {
    const { awaiting, route } = cell.get();
    const place = placeOf(message.channel, message.threadTs);
    if (message.threadTs === undefined || !awaiting.includes(place)) return;
    cell.update((state) => ({ ...state, awaiting: state.awaiting.filter((one) => one !== place) }));
    const isFree = route.page === 'channel' && route.channel === message.channel && route.threadTs === null;
    if (isFree) go(hashOf({ channel: message.channel, threadTs: message.threadTs }));
  }

  /** The same for an answer that came while nothing was heard. */
  function welcomeMissed(): void {
    const { route, timelines } = cell.get();
    if (route.page !== 'channel') return;
    const { channel } = route;
    for (const { ts, replyCount } of timelines[placeOf(channel)]?.messages ?? [])
      if (replyCount > 0) welcome({ channel, threadTs: ts });
  }

  return { go, follow, refresh, openDm, welcome, welcomeMissed };
}

function seen(state: State, route: State['route']): State['unread'] {
  return route.page === 'channel' ? { ...state.unread, [route.channel]: 0 } : state.unread;
}
