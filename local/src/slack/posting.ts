import type { AppEvents } from './app-events.ts';
import { SlackError } from './errors.ts';
import { TOMBSTONE, toPageMessage } from './message-shapes.ts';
import type { Message } from './page-api.ts';
import type { Audience, PageBus } from './page-bus.ts';
import { SLACKBOT_ID } from './seed.ts';
import type { StoredMessage } from './store/model.ts';
import type { Store } from './store/store.ts';

type Deps = {
  readonly store: Store;
  readonly page: PageBus;
  readonly events: AppEvents;
  readonly newTs: () => string;
};

export type Draft = Pick<StoredMessage, 'channel' | 'user' | 'text'> & Partial<StoredMessage>;

export type Posting = ReturnType<typeof createPosting>;

type Screen = Pick<Deps, 'store' | 'page'>;

/** Shows messages on the pages of those who may see them. */
function createScreen({ store, page }: Screen) {
  const audience = (channelId: string): Audience => store.directory.channel(channelId)?.members ?? [];
  const show = (type: 'message' | 'message_changed', message: StoredMessage): void =>
    page.publish({ type, message: toPageMessage(store, message) }, audience(message.channel));
  /** The root shows how many replies it has. */
  const showRoot = (reply: StoredMessage): void => {
    const root = reply.threadTs ? store.messages.get(reply.channel, reply.threadTs) : null;
    if (root) show('message_changed', root);
  };
  return { audience, show, showRoot };
}

/** Every change of a message goes through here: stored first, then shown on the page, then told to the app. */
export function createPosting({ store, page, events, newTs }: Deps) {
  const { audience, show, showRoot } = createScreen({ store, page });
  const change = (previous: StoredMessage, message: StoredMessage): void => {
    store.messages.put(message);
    show('message_changed', message);
    events.changed(previous, message);
  };
  return {
    audience,
    post(draft: Draft): StoredMessage {
      const message: StoredMessage = {
        ts: newTs(),
        threadTs: null,
        isBroadcast: false,
        subtype: null,
        blocks: null,
        attachments: null,
        fileIds: [],
        metadata: null,
        editedTs: null,
        clientMsgId: null,
        stream: null,
        ...draft,
      };
      store.messages.put(message);
      show('message', message);
      showRoot(message);
      events.posted(message);
      return message;
    },
    /** Replaces the stored message by one with the same channel and ts. */
    change,
    remove: createRemoval({ store, page, events, change }),
    /** Adds or removes a reaction. Throws already_reacted or no_reaction. */
    react(message: StoredMessage, reaction: { user: string; name: string; remove: boolean }): void {
      const { user, name, remove } = reaction;
      const key = { channel: message.channel, ts: message.ts, user, name };
      const isDone = remove ? store.reactions.remove(key) : store.reactions.add(key);
      if (!isDone) throw new SlackError(remove ? 'no_reaction' : 'already_reacted');
      show('message_changed', message);
      events.reacted(remove ? 'reaction_removed' : 'reaction_added', { message, user, name });
    },
    /** Shows a message to one person; it is not stored and makes no event. */
    whisper(message: Message, user: string): void {
      page.publish({ type: 'message', message }, [user]);
    },
  };
}

type RemovalDeps = Pick<Deps, 'store' | 'page' | 'events'> & {
  readonly change: (previous: StoredMessage, message: StoredMessage) => void;
};

/** Deletes messages: a root with replies leaves a tombstone, and the last reply takes the tombstone with it. */
function createRemoval({ store, page, events, change }: RemovalDeps) {
  const { audience, showRoot } = createScreen({ store, page });
  const hasReplies = ({ channel, ts }: StoredMessage): boolean =>
    store.messages.threadSummary(channel, ts).count > 0;
  const bury = (root: StoredMessage): void => {
    store.reactions.removeAll(root.channel, root.ts);
    const empty = { blocks: null, attachments: null, fileIds: [], metadata: null, stream: null };
    const tombstone = { user: SLACKBOT_ID, subtype: TOMBSTONE, text: 'This message was deleted.' };
    change(root, { ...root, ...empty, ...tombstone, clientMsgId: null, editedTs: null });
  };
  const erase = (message: StoredMessage): void => {
    const { channel, ts, threadTs } = message;
    store.messages.remove(channel, ts);
    store.reactions.removeAll(channel, ts);
    const thread = threadTs ? { threadTs } : {};
    page.publish({ type: 'message_deleted', channel, ts, ...thread }, audience(channel));
    showRoot(message);
    events.deleted(message);
  };
  return (message: StoredMessage): void => {
    const { channel, threadTs } = message;
    if (hasReplies(message)) {
      bury(message);
      return;
    }
    erase(message);
    const root = threadTs ? store.messages.get(channel, threadTs) : null;
    if (root?.subtype === TOMBSTONE && !hasReplies(root)) erase(root);
  };
}
