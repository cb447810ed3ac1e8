import type { AnyBlock, View } from '@slack/types';

/**
 * What the workspace's page and its server say to each other, under `/local/api/*`. The app under test never
 * uses it: the app talks to `/api/*` and the socket only, as it would with the real Slack.
 *
 * Every request that acts carries `as`, the id of the person who acts: the page lets one visitor be several
 * people, because approvals need two.
 */
export type Person = {
  readonly id: string;
  /** The handle, as in `@ana`. */
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  readonly isBot: boolean;
  /** A colour of the avatar, as a CSS colour; the page draws the initials on it. */
  readonly color: string;
};

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'dm';
  /** Only its members see it; always true for a direct conversation. */
  readonly isPrivate: boolean;
  readonly topic: string;
  /** Ids of the people and bots in it. */
  readonly members: readonly string[];
  readonly isArchived: boolean;
};

export type SlackFile = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
  /** A path on the same origin that answers with the file's bytes. */
  readonly url: string;
};

export type Reaction = { readonly name: string; readonly users: readonly string[] };

export type Message = {
  readonly channel: string;
  /** Slack's message id: seconds with six decimals, as a string; strictly increasing in a channel. */
  readonly ts: string;
  /** The thread's root when the message is a reply; absent on a root. */
  readonly threadTs?: string;
  readonly user: string;
  readonly botId?: string;
  readonly subtype?: string;
  readonly text: string;
  readonly blocks?: readonly AnyBlock[];
  readonly attachments?: readonly { color?: string; blocks?: readonly AnyBlock[]; text?: string }[];
  readonly files?: readonly SlackFile[];
  readonly reactions: readonly Reaction[];
  readonly editedTs?: string;
  /** Set on an ephemeral message: only this person sees it and it is not stored. */
  readonly ephemeralFor?: string;
  /** On a thread's root. */
  readonly replyCount: number;
  readonly replyUsers: readonly string[];
  readonly latestReply?: string;
};

export type AppStatus = {
  /** Sockets that the app holds open; 0 means the app is not connected. */
  readonly sockets: number;
  readonly botUserId: string;
  readonly name: string;
  readonly commands: readonly { command: string; description: string; usageHint: string }[];
  readonly messageShortcuts: readonly { callbackId: string; name: string }[];
  readonly globalShortcuts: readonly { callbackId: string; name: string }[];
};

/** GET /local/api/bootstrap?as=U… */
export type Bootstrap = {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly app: AppStatus;
  /** One line shown at the top of the page about who plays the agent's mind; null when there is nothing to say. */
  readonly notice: string | null;
  readonly faults: FaultState;
  readonly faultChoices: FaultChoices;
};

/**
 * GET /local/api/messages?as=&channel=&thread_ts=&before=&limit= : newest last. Without thread_ts the channel's
 * roots (and thread_broadcast replies), with it the thread's root and replies.
 */
export type MessagePage = { readonly messages: readonly Message[]; readonly hasMore: boolean };

/** POST /local/api/messages. `blocks` holds one rich_text block when the composer made one. Answer: `{ ts }`. */
export type PostMessage = {
  readonly as: string;
  readonly channel: string;
  readonly text: string;
  readonly threadTs?: string;
  readonly blocks?: readonly AnyBlock[];
  readonly fileIds?: readonly string[];
};

/** POST /local/api/messages/edit */
export type EditMessage = {
  readonly as: string;
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
};
/** POST /local/api/messages/delete */
export type DeleteMessage = { readonly as: string; readonly channel: string; readonly ts: string };
/** POST /local/api/reactions */
export type React = {
  readonly as: string;
  readonly channel: string;
  readonly ts: string;
  /** Without colons: `octagonal_sign`. */
  readonly name: string;
  readonly remove?: boolean;
};

/** One pressed element, in the shape of the `actions[]` of a block_actions payload, without action_ts. */
export type PressedAction = {
  readonly type: string;
  readonly action_id: string;
  readonly block_id: string;
} & Record<string, unknown>;
/** `state.values[block_id][action_id]`, as Slack sends it. */
export type StateValues = Record<string, Record<string, { type: string } & Record<string, unknown>>>;

/** POST /local/api/actions. Answer `{ ok: true }` when the app acked in 3 s, else `{ ok: false, warning }`. */
export type Press = {
  readonly as: string;
  readonly container: { readonly channel: string; readonly ts: string } | { readonly viewId: string };
  readonly action: PressedAction;
  readonly state?: StateValues;
};

/** POST /local/api/views/submit. Answer `{ ok: true }`, `{ ok: false, errors: { block_id: text } }` or `{ ok: false, warning }`. */
export type SubmitView = { readonly as: string; readonly viewId: string; readonly values: StateValues };
/** POST /local/api/views/close */
export type CloseView = { readonly as: string; readonly viewId: string };
/** POST /local/api/commands: `/deckhand help`. Answer as for Press. */
export type RunCommand = { readonly as: string; readonly channel: string; readonly text: string };
/** POST /local/api/shortcuts. `message` is absent for a global shortcut. */
export type RunShortcut = {
  readonly as: string;
  readonly callbackId: string;
  readonly message?: { readonly channel: string; readonly ts: string };
};
/** POST /local/api/dms: opens (or finds) the direct conversation of `as` with `with`. Answer: Channel. */
export type OpenDm = { readonly as: string; readonly with: string };
/** POST /local/api/home/open: tells the app that the person opened its Home (app_home_opened). GET /local/api/home?as= gives `{ view: View | null }`. */
export type OpenHome = { readonly as: string; readonly tab: 'home' | 'messages' };
/** POST /local/api/channels. Everyone is in a public one, its maker alone in a private one. Answer: Channel. */
export type CreateChannel = { readonly as: string; readonly name: string; readonly isPrivate: boolean };
/** POST /local/api/channels/invite and /local/api/channels/remove: a person or an app's bot, by user id. */
export type ChangeMember = { readonly as: string; readonly channel: string; readonly user: string };
/** POST /local/api/channels/archive and /local/api/channels/unarchive */
export type ArchiveChannel = { readonly as: string; readonly channel: string };
/** POST /local/api/channels/rename */
export type RenameChannel = { readonly as: string; readonly channel: string; readonly name: string };
// POST /local/api/files?as=U…  multipart, field `file`, answers SlackFile. GET /files/<id>/<name> gives the bytes.

/** How often a fault may happen at most, and how late something may be, in milliseconds. */
export const faultLimits = { times: 10_000, delayMs: 600_000 } as const;

/** What goes wrong with the next calls of a Web API method. Rules are tried in order, and one is used up by each call. */
export type CallFault = {
  readonly id: string;
  /** `chat.postMessage`, or `*` for any method. */
  readonly method: string;
  /** Calls that pass before it begins. */
  readonly skip: number;
  /** Calls that it has left. */
  readonly left: number;
  readonly delayMs: number;
  /** The HTTP status of the answer; null for 200. */
  readonly status: number | null;
  /** Goes with status 429. */
  readonly retryAfterSeconds: number;
  /** Slack's code of the refusal; null for none. */
  readonly error: string | null;
  /** The work is done, and the connection breaks instead of an answer. */
  readonly dropAnswer: boolean;
};

/** What goes wrong with the next events of a type. */
export type EventFault = {
  readonly id: string;
  /** Delivered twice; delivered again because the ack is not heard; or delivered late, so that others overtake it. */
  readonly kind: 'duplicate' | 'redeliver' | 'late';
  /** The type of the event itself, such as `app_mention`, or `*` for any. */
  readonly eventType: string;
  /** Events that it has left. */
  readonly left: number;
  /** 0 unless the kind is `late`. */
  readonly delayMs: number;
};

/** GET /local/api/faults: all that is set to go wrong. */
export type FaultState = {
  /** Every request of the app and every socket is broken. */
  readonly isDown: boolean;
  /** Slack's published rate limits are kept. */
  readonly rateLimits: boolean;
  readonly calls: readonly CallFault[];
  readonly events: readonly EventFault[];
  /** Late events that are on their way. */
  readonly heldEvents: number;
};

/** What a fault can be about: the methods of the workspace and the events that the app subscribed to. */
export type FaultChoices = { readonly methods: readonly string[]; readonly eventTypes: readonly string[] };

/** POST /local/api/faults: one order. Answer `{ ok: true }`. */
export type FaultOrder =
  | {
      readonly fault: {
        readonly method: string;
        /** 1, which is usual, begins with the next call. */
        readonly nth?: number;
        readonly times?: number;
        readonly delayMs?: number;
        readonly status?: number;
        readonly retryAfterSeconds?: number;
        readonly error?: string;
        readonly dropAnswer?: boolean;
      };
    }
  /** An order about events takes the place of an earlier one of the same kind and type. */
  | { readonly duplicate: string; readonly times?: number }
  | { readonly redeliver: string; readonly times?: number }
  | { readonly late: string; readonly times?: number; readonly delayMs: number }
  | { readonly down: boolean }
  | { readonly rateLimits: boolean }
  | { readonly disconnect: DisconnectOrder; readonly sockets?: WhichSockets }
  /** Ends the one fault with this id. Refused as `fault_not_found` when it is over already. */
  | { readonly remove: string }
  /** Ends all of them, also `down` and the rate limits, and lets late events go. */
  | { readonly clear: true };

/** What the app's sockets are told; `cut` breaks them without a word. */
export type DisconnectOrder =
  | 'warning'
  | 'refresh_requested'
  | 'link_disabled'
  | 'too_many_websockets'
  | 'cut';

/** Without it all of the app's sockets are meant; Slack itself recycles one at a time. */
export type WhichSockets = 'all' | 'oldest';

/** One Web API call of the app, short enough to be shown in a line. */
export type CallLine = {
  /** Counts up from 1 since the workspace was started. */
  readonly id: number;
  readonly method: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tookMs: number;
  /** The arguments that say what the call was about; long texts are cut. */
  readonly args: Readonly<Record<string, string>>;
  /** The HTTP status; 0 for a request that was broken off before it was read. */
  readonly status: number;
  /** Slack's code of the refusal; null when the call was done. */
  readonly error: string | null;
  readonly retryAfterSeconds: number | null;
  /** The app got no answer. */
  readonly isDropped: boolean;
  /** A fault rule was used up by it. */
  readonly isFault: boolean;
};

/** GET /local/api/calls/latest?limit= : the app's last calls, newest first. */
export type LatestCalls = { readonly calls: readonly CallLine[] };

export type OpenView = View & { readonly id: string };

/** GET /local/api/events?as=U… : server-sent events, each `data:` one of these as JSON. */
export type PageEvent =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'message_changed'; readonly message: Message }
  | {
      readonly type: 'message_deleted';
      readonly channel: string;
      readonly ts: string;
      readonly threadTs?: string;
    }
  | { readonly type: 'channel'; readonly channel: Channel }
  | { readonly type: 'view_opened'; readonly view: OpenView }
  | { readonly type: 'view_pushed'; readonly view: OpenView }
  | { readonly type: 'view_updated'; readonly view: OpenView }
  | { readonly type: 'view_closed'; readonly viewId: string }
  | { readonly type: 'home'; readonly view: View }
  | { readonly type: 'status'; readonly channel: string; readonly threadTs: string; readonly text: string }
  | { readonly type: 'app'; readonly app: AppStatus }
  | { readonly type: 'faults'; readonly faults: FaultState }
  /** Calls since the last such event, newest first. */
  | { readonly type: 'calls'; readonly calls: readonly CallLine[] }
  /** The person may not see this conversation any more. */
  | { readonly type: 'channel_gone'; readonly channel: string };
