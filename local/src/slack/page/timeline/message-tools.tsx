import { Link, MessageSquareText, MoreVertical, Pencil, SmilePlus, Trash2, Zap } from 'lucide-react';
import { useState } from 'react';
import type { Message } from '../../page-api.ts';
import { useView, useWorkspace } from '../store/hooks.ts';
import { hashOf } from '../store/route.ts';
import { Emoji } from '../text/mention.tsx';
import { EmojiPicker } from '../widgets/emoji-picker.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../widgets/menu.tsx';

const quick = ['white_check_mark', 'eyes', 'octagonal_sign'] as const;

/** What one can do with a message; shown over it while the pointer or the focus is there. */
export function MessageTools(props: {
  message: Message;
  inThread: boolean;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const { message, inThread } = props;
  const { react, go } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  const { channel, ts } = message;
  const add = (name: string) => void react({ channel, ts, name, remove: false });
  return (
    <div
      className={isOpen ? 'message-tools is-open' : 'message-tools'}
      role="toolbar"
      aria-label="Message actions"
    >
      {quick.map((name) => (
        <button
          key={name}
          type="button"
          className="icon-button quick-emoji"
          aria-label={`React with ${name}`}
          onClick={() => add(name)}
        >
          <Emoji name={name} />
        </button>
      ))}
      <EmojiPicker
        onOpenChange={setOpen}
        onPick={add}
        trigger={
          <button type="button" className="icon-button" aria-label="Add reaction" title="Add reaction">
            <SmilePlus size={17} />
          </button>
        }
      />
      {inThread ? null : (
        <button
          type="button"
          className="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => go(hashOf({ channel, threadTs: message.threadTs ?? ts }))}
        >
          <MessageSquareText size={17} />
        </button>
      )}
      <MoreMenu {...props} onOpenChange={setOpen} />
    </div>
  );
}

function MoreMenu(props: {
  message: Message;
  onEdit: () => void;
  onDelete: () => void;
  onOpenChange: (open: boolean) => void;
}) {
  const { message } = props;
  const workspace = useWorkspace();
  const app = useView((state) => state.workspace?.app);
  const isMine = useView((state) => state.me === message.user);
  const { channel, ts, threadTs } = message;
  const copyLink = () => {
    const hash = hashOf({ channel, threadTs: threadTs ?? ts, reply: ts });
    const copied = navigator.clipboard.writeText(
      `${window.location.origin}${window.location.pathname}${hash}`,
    );
    copied.then(
      () => workspace.say('Link copied'),
      () => workspace.say('The browser did not allow copying.'),
    );
  };
  const trigger = (
    <button type="button" className="icon-button" aria-label="More actions" title="More actions">
      <MoreVertical size={17} />
    </button>
  );
  return (
    <Menu trigger={trigger} align="end" onOpenChange={props.onOpenChange}>
      <MenuItem icon={<Link size={15} />} onSelect={copyLink}>
        Copy link
      </MenuItem>
      {app && app.messageShortcuts.length > 0 ? (
        <>
          <MenuLine />
          <MenuLabel>{app.name}</MenuLabel>
          {app.messageShortcuts.map(({ callbackId, name }) => (
            <MenuItem
              key={callbackId}
              icon={<Zap size={15} />}
              onSelect={() => void workspace.shortcut(callbackId, { channel, ts })}
            >
              {name}
            </MenuItem>
          ))}
        </>
      ) : null}
      {isMine ? (
        <>
          <MenuLine />
          <MenuItem icon={<Pencil size={15} />} onSelect={props.onEdit}>
            Edit message
          </MenuItem>
          <MenuItem icon={<Trash2 size={15} />} danger onSelect={props.onDelete}>
            Delete message
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}
