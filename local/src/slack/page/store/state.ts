import type { View } from '@slack/types';
import type { Bootstrap, CallLine, Message, OpenView, PostMessage } from '../../page-api.ts';
import type { Route } from './route.ts';

/** The loaded part of a channel or thread, oldest first. */
export type Timeline = {
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  readonly status: 'loading' | 'ready' | 'failed';
};

/** A message on its way to the server; kept with its error until it is retried or dropped. */
export type Outgoing = {
  readonly id: string;
  readonly place: string;
  readonly body: PostMessage;
  readonly error: string | null;
};

/** All that the page shows. */
export type State = {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly me: string;
  readonly workspace: Bootstrap | null;
  readonly link: 'online' | 'offline';
  readonly route: Route;
  /** Loaded timelines, by `placeOf`. */
  readonly timelines: Readonly<Record<string, Timeline>>;
  readonly outgoing: readonly Outgoing[];
  /** Open modals, the top one last. */
  readonly modals: readonly OpenView[];
  /** The published Home; undefined while it is not loaded. */
  readonly home: View | null | undefined;
  /** What the app says it is doing, by the thread's place. */
  readonly statuses: Readonly<Record<string, string>>;
  /** Messages since the channel was last looked at. */
  readonly unread: Readonly<Record<string, number>>;
  /** The person's roots that mention the app and have no reply yet: their thread opens when it comes. */
  readonly awaiting: readonly string[];
  /** The app's last Web API calls, newest first; null until somebody looks at them. */
  readonly calls: readonly CallLine[] | 'failed' | null;
  /** One passing sentence for the person. */
  readonly toast: string | null;
};

export const emptyTimeline: Timeline = { messages: [], hasMore: false, status: 'loading' };

/** The state before anything is loaded. */
export function initialState(route: Route): State {
  return {
    phase: 'loading',
    me: '',
    workspace: null,
    link: 'online',
    route,
    timelines: {},
    outgoing: [],
    modals: [],
    home: undefined,
    statuses: {},
    unread: {},
    awaiting: [],
    calls: null,
    toast: null,
  };
}

/** The key of a channel's or a thread's timeline. */
export function placeOf(channel: string, threadTs?: string | null): string {
  return threadTs === undefined || threadTs === null ? channel : `${channel}/${threadTs}`;
}
