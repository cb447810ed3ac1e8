import type { PageEvent } from '../../page-api.ts';
import type { Api } from '../api.ts';
import { createAppActions } from './app-actions.ts';
import { type Cell, createCell } from './cell.ts';
import { createChannelActions } from './channel-actions.ts';
import { createFaultActions } from './fault-actions.ts';
import { openFeed } from './feed.ts';
import { createMessageActions } from './message-actions.ts';
import { createNavigation } from './navigation.ts';
import { applyEvent } from './reduce.ts';
import { hashOfPermalink, parseRoute } from './route.ts';
import { initialState, type State } from './state.ts';

const personKey = 'workspace.person';

/** The workspace of this page, at its address. */
export function createWorkspace(api: Api) {
  const cell = createCell(initialState(parseRoute(window.location.hash)));
  return workspaceOf({ cell, api, origin: window.location.origin });
}

/** A state and everything that a person can do with it. `start` once. */
export function workspaceOf({ cell, api, origin }: { cell: Cell<State>; api: Api; origin: string }) {
  const messages = createMessageActions({ cell, api });
  const faults = createFaultActions({ cell, api });
  const navigation = createNavigation({ cell, api, load: messages.load, loadCalls: faults.loadCalls });
  let closeFeed = () => {};
  /** Since when nothing was heard of the server, in milliseconds since 1970; null while the line holds. */
  let brokenSince: number | null = null;

  function onEvent(event: PageEvent): void {
    cell.update((state) => applyEvent(state, event));
    if (event.type === 'message') navigation.welcome(event.message);
  }

  /** What happened while the line was down is not sent again: read it. */
  async function onOpen(): Promise<void> {
    cell.update((state) => ({ ...state, link: 'online' }));
    if (brokenSince === null) return;
    const since = brokenSince;
    brokenSince = null;
    const { me, workspace: before } = cell.get();
    const workspace = await api.bootstrap(me).catch(() => before);
    // What the app said it was doing then may be over.
    cell.update((state) => (state.me === me ? { ...state, workspace, statuses: {} } : state));
    await Promise.all([navigation.refresh(), loadModals(me), messages.countMissed(since)]);
    navigation.welcomeMissed();
  }

  /** Modals outlive a reload of the page and a break in the events. */
  async function loadModals(me: string): Promise<void> {
    const { views } = await api.views(me).catch(() => ({ views: cell.get().modals }));
    cell.update((state) => (state.me === me ? { ...state, modals: views } : state));
  }

  function onPause(): void {
    brokenSince ??= Date.now();
  }

  function onLost(): void {
    onPause();
    cell.update((state) => ({ ...state, link: 'offline' }));
  }

  /** Becomes a person: everything that only the former one saw is forgotten. */
  async function actAs(person: string | null): Promise<void> {
    closeFeed();
    brokenSince = null;
    try {
      const workspace = await api.bootstrap(person);
      const humans = workspace.people.filter((one) => !one.isBot);
      const me = humans.find((one) => one.id === person)?.id ?? humans[0]?.id ?? '';
      if (me !== person) return await actAs(me);
      localStorage.setItem(personKey, me);
      cell.update((state) => ({ ...initialState(state.route), phase: 'ready', me, workspace }));
      leaveHidden();
      closeFeed = openFeed(me, { onEvent, onOpen: () => void onOpen(), onLost, onPause });
      await Promise.all([navigation.follow(), loadModals(me)]);
    } catch {
      cell.update((state) => ({ ...state, phase: 'failed' }));
    }
  }

  /** Whoever one was before may have been in a conversation that this person may not see. */
  function leaveHidden(): void {
    const { route, workspace } = cell.get();
    const isHidden =
      route.page === 'channel' && !workspace?.channels.some((channel) => channel.id === route.channel);
    if (!isHidden) return;
    window.history.replaceState(null, '', '#/');
    cell.update((state) => ({ ...state, route: { page: 'start' } }));
  }

  async function start(): Promise<void> {
    const linked = hashOfPermalink(window.location.pathname + window.location.search);
    if (linked !== null) window.history.replaceState(null, '', `/${linked}`);
    cell.update((state) => ({ ...state, route: parseRoute(window.location.hash) }));
    window.addEventListener('hashchange', () => void navigation.follow());
    await actAs(new URLSearchParams(window.location.search).get('as') ?? localStorage.getItem(personKey));
  }

  return {
    get: cell.get,
    subscribe: cell.subscribe,
    /** The address on this page for a link that leads to one of its messages, else null. */
    hashOfLink: (url: string) =>
      url.startsWith(`${origin}/`) ? hashOfPermalink(url.slice(origin.length)) : null,
    start,
    actAs,
    ...messages,
    ...faults,
    ...createChannelActions({ cell, api }),
    ...createAppActions({ cell, api }),
    ...navigation,
  };
}

/** The page's state and everything that a person can do. */
export type Workspace = ReturnType<typeof createWorkspace>;
