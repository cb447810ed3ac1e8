import { Eye, Trash2 } from 'lucide-react';
import { memo, useState } from 'react';
import type { Message, Person } from '../../page-api.ts';
import { BlockBoundary } from '../blocks/block-boundary.tsx';
import { useArchived, useChannels, usePeople, usePerson, useView, useWorkspace } from '../store/hooks.ts';
import { hashOf } from '../store/route.ts';
import { toTyped } from '../text/compose.ts';
import { ago, clock } from '../text/slack-date.ts';
import { Avatar } from '../widgets/avatar.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { dateOf } from './grouping.ts';
import { MessageBody } from './message-body.tsx';
import { MessageTools } from './message-tools.tsx';
import { Reactions } from './reactions.tsx';

type Props = {
  readonly message: Message;
  readonly compact: boolean;
  readonly inThread: boolean;
  readonly isLit: boolean;
  /** Its thread is open beside it. */
  readonly isOpen: boolean;
};

/** One message with all that belongs to it. */
export const MessageView = memo(function MessageView(props: Props) {
  const { message, compact, inThread } = props;
  const person = usePerson(message.user);
  const { remove } = useWorkspace();
  const [mode, setMode] = useState<'read' | 'edit' | 'delete'>('read');
  const isPrivate = message.ephemeralFor !== undefined;
  const isGone = message.subtype === 'tombstone';
  const isArchived = useArchived(message.channel);
  const read = () => setMode('read');
  return (
    <article
      className={classesOf(props)}
      aria-label={`${person?.realName ?? message.user}, ${clock(dateOf(message.ts))}`}
      data-ts={message.ts}
    >
      <div className="message-side">
        <Side message={message} compact={compact} person={person} />
      </div>
      <div className="message-main">
        {isPrivate ? <PrivateNote /> : null}
        {compact || isGone ? null : <Head message={message} person={person} />}
        {mode === 'edit' ? (
          <EditBox message={message} onDone={read} />
        ) : (
          <BlockBoundary type="message">
            <MessageBody message={message} />
          </BlockBoundary>
        )}
        {/* An app's card is edited all the time; only a person's change of mind is worth a word. */}
        {message.editedTs !== undefined && message.botId === undefined && mode !== 'edit' ? (
          <span className="edited">(edited)</span>
        ) : null}
        <Reactions message={message} />
        {inThread ? null : <ThreadLine message={message} />}
      </div>
      {isPrivate || isGone || isArchived || mode === 'edit' ? null : (
        <MessageTools
          message={message}
          inThread={inThread}
          onEdit={() => setMode('edit')}
          onDelete={() => setMode('delete')}
        />
      )}
      {mode === 'delete' ? <DeleteDialog onYes={() => void remove(message)} onClose={read} /> : null}
    </article>
  );
});

function classesOf({ message, compact, isLit, isOpen }: Props): string {
  const { subtype, ephemeralFor } = message;
  // What Slack writes by itself, such as "has joined the channel", and what is left of a deleted root.
  const isQuiet = subtype === 'tombstone' || subtype?.startsWith('channel_');
  const classes = [
    'message',
    isQuiet && 'message-quiet',
    compact && 'message-compact',
    ephemeralFor !== undefined && 'message-private',
    isLit && 'message-lit',
    isOpen && 'message-open',
  ];
  return classes.filter(Boolean).join(' ');
}

function Side(props: { message: Message; compact: boolean; person: Person | undefined }) {
  const { message, compact, person } = props;
  if (message.subtype === 'tombstone') return <Trash2 size={18} className="message-gone" aria-hidden />;
  return compact ? <Time message={message} /> : <Avatar person={person} size="medium" />;
}

function PrivateNote() {
  return (
    <p className="private-note">
      <Eye size={13} aria-hidden /> Only visible to you
    </p>
  );
}

function Head({ message, person }: { message: Message; person: Person | undefined }) {
  return (
    <div className="message-head">
      <strong className="message-author">{person?.realName ?? message.user}</strong>
      {person?.isBot ? <span className="badge">App</span> : null}
      <Time message={message} />
      {message.subtype === 'thread_broadcast' ? <span className="hint">also sent to the channel</span> : null}
    </div>
  );
}

function Time({ message }: { message: Message }) {
  const { channel, ts, threadTs } = message;
  const date = dateOf(ts);
  if (message.ephemeralFor !== undefined) return <time className="message-time">{clock(date)}</time>;
  return (
    <a
      className="message-time"
      href={hashOf({ channel, threadTs: threadTs ?? ts, reply: ts })}
      title={date.toLocaleString()}
    >
      <time dateTime={date.toISOString()}>{clock(date)}</time>
    </a>
  );
}

/** Who replied, how often and when; opens the thread. */
function ThreadLine({ message }: { message: Message }) {
  const people = usePeople();
  if (message.replyCount === 0) return null;
  const { replyCount, latestReply } = message;
  return (
    <a className="thread-line" href={hashOf({ channel: message.channel, threadTs: message.ts })}>
      <span className="avatar-row">
        {message.replyUsers.slice(0, 4).map((id) => (
          <Avatar key={id} person={people.find((person) => person.id === id)} size="small" />
        ))}
      </span>
      <strong>{replyCount === 1 ? '1 reply' : `${replyCount} replies`}</strong>
      {latestReply === undefined ? null : (
        <span className="hint">{ago(Date.now() - dateOf(latestReply).getTime())}</span>
      )}
    </a>
  );
}

function EditBox({ message, onDone }: { message: Message; onDone: () => void }) {
  const { edit } = useWorkspace();
  const people = usePeople();
  const channels = useChannels();
  const [text, setText] = useState(() =>
    toTyped(message.text, {
      user: (id) => people.find((one) => one.id === id)?.name ?? null,
      channel: (id) => channels.find((one) => one.id === id)?.name ?? null,
    }),
  );
  const save = () => {
    onDone();
    void edit({ channel: message.channel, ts: message.ts, text: text.trim() });
  };
  const canSave = text.trim() !== '';
  return (
    <div className="edit-box">
      <textarea
        className="field"
        aria-label="Edit message"
        // Editing was asked for by a press: typing is what comes next.
        ref={(area) => area?.focus()}
        rows={Math.min(10, text.split('\n').length + 1)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          if (canSave) save();
        }}
      />
      <div className="actions">
        <button type="button" className="button button-small" onClick={onDone}>
          Cancel
        </button>
        <button
          type="button"
          className="button button-small button-primary"
          disabled={!canSave}
          onClick={save}
        >
          Save
        </button>
      </div>
    </div>
  );
}

function DeleteDialog({ onYes, onClose }: { onYes: () => void; onClose: () => void }) {
  const team = useView((state) => state.workspace?.team.name);
  const footer = (
    <>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      <button type="button" className="button button-danger-solid" onClick={onYes}>
        Delete
      </button>
    </>
  );
  return (
    <Dialog size="small" title="Delete message" onClose={onClose} footer={footer}>
      It will be gone for everyone in {team}.
    </Dialog>
  );
}
