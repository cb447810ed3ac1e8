import type { AppEvents } from './app-events.ts';
import { SlackError } from './errors.ts';
import { toPageMessage } from './message-shapes.ts';
import type { Channel, Message } from './page-api.ts';
import type { Audience, PageBus } from './page-bus.ts';
import type { StoredMessage } from './store/model.ts';
import type { Store } from './store/store.ts';

type Deps = {
  readonly store: Store;
  readonly page: PageBus;
  readonly events: AppEvents;
  readonly newTs: () => string;
};

/** The subtype of what is left of a deleted root. */
export const TOMBSTONE = 'tombstone';

export type Draft = Pick<StoredMessage, 'channel' | 'user' | 'text'> & Partial<StoredMessage>;

export type Posting = ReturnType<typeof createPosting> & ReturnType<typeof createMembership>;

type Screen = Pick<Deps, 'store' | 'page'>;

/** Shows messages on the pages of those who may see them. */
function createScreen({ store, page }: Screen) {
  const audience = (channelId: string): Audience => {
    const channel = store.directory.channel(channelId);
    return channel?.kind === 'dm' ? channel.members : 'everyone';
  };
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
  /** A root with replies leaves a tombstone, so that its thread stays. */
  const bury = (root: StoredMessage): void => {
    store.reactions.removeAll(root.channel, root.ts);
    const empty = { blocks: null, attachments: null, fileIds: [], metadata: null, stream: null };
    change(root, { ...root, ...empty, subtype: TOMBSTONE, text: 'This message was deleted.' });
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
    remove(message: StoredMessage): void {
      if (store.messages.threadSummary(message.channel, message.ts).count > 0) {
        bury(message);
        return;
      }
      store.messages.remove(message.channel, message.ts);
      store.reactions.removeAll(message.channel, message.ts);
      const thread = message.threadTs ? { threadTs: message.threadTs } : {};
      page.publish(
        { type: 'message_deleted', channel: message.channel, ts: message.ts, ...thread },
        audience(message.channel),
      );
      showRoot(message);
      events.deleted(message);
    },
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

/** Changes of channels, in the same order: stored, shown, told. */
export function createMembership({ store, page, events }: Deps) {
  return {
    join(channel: Channel, user: string, inviter: string | null): void {
      if (!store.directory.join(channel.id, user)) return;
      const joined = store.directory.channel(channel.id) ?? channel;
      page.publish({ type: 'channel', channel: joined });
      events.joined(channel.id, user, inviter);
    },
    archive(channel: Channel, user: string): void {
      store.directory.archive(channel.id);
      page.publish({ type: 'channel', channel: { ...channel, isArchived: true } });
      events.archived(channel.id, user);
    },
  };
}
