import * as Popover from '@radix-ui/react-popover';
import { type ReactNode, useState } from 'react';
import { emojiNamesLike, pickerEmoji } from '../text/emoji.ts';
import { Emoji } from '../text/mention.tsx';

/** A small picker behind one button. */
export function EmojiPicker({
  trigger,
  onPick,
  onOpenChange,
}: {
  trigger: ReactNode;
  onPick: (name: string) => void;
  onOpenChange?: (open: boolean) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const change = (open: boolean) => {
    setOpen(open);
    setTyped('');
    onOpenChange?.(open);
  };
  const word = typed.trim().toLowerCase().replace(/^:/, '');
  const names = word === '' ? pickerEmoji : emojiNamesLike(word, 24);
  const pick = (name: string) => {
    change(false);
    onPick(name);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={change}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="emoji-picker"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Add reaction"
        >
          <input
            className="field"
            aria-label="Search emoji"
            placeholder="Search: rocket, eyes…"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              const first = names[0];
              if (event.key === 'Enter' && first !== undefined) pick(first);
            }}
          />
          <div className="emoji-grid">
            {names.map((name) => (
              <button
                key={name}
                type="button"
                aria-label={name}
                title={`:${name}:`}
                onClick={() => pick(name)}
              >
                <Emoji name={name} />
              </button>
            ))}
          </div>
          {names.length === 0 ? <p className="hint">No emoji begins with “{word}”.</p> : null}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
