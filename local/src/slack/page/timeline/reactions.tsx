import { SmilePlus } from 'lucide-react';
import type { Message } from '../../page-api.ts';
import { useArchived, usePeople, useView, useWorkspace } from '../store/hooks.ts';
import { Emoji } from '../text/mention.tsx';
import { EmojiPicker } from '../widgets/emoji-picker.tsx';

/** The reactions under a message; a click adds or takes back one's own. */
export function Reactions({ message }: { message: Message }) {
  const { react } = useWorkspace();
  const me = useView((state) => state.me);
  const people = usePeople();
  const isArchived = useArchived(message.channel);
  if (message.reactions.length === 0) return null;
  const { channel, ts } = message;
  const nameOf = (id: string) =>
    id === me ? 'You' : (people.find((person) => person.id === id)?.realName ?? id);
  return (
    <div className="reactions">
      {message.reactions.map(({ name, users }) => {
        const isMine = users.includes(me);
        return (
          <button
            key={name}
            type="button"
            className="reaction"
            disabled={isArchived}
            aria-pressed={isMine}
            aria-label={`${name}, ${users.length}`}
            title={`${users.map(nameOf).join(', ')} reacted with :${name}:`}
            onClick={() => void react({ channel, ts, name, remove: isMine })}
          >
            <Emoji name={name} /> {users.length}
          </button>
        );
      })}
      {isArchived ? null : (
        <EmojiPicker
          trigger={
            <button type="button" className="reaction reaction-add" aria-label="Add another reaction">
              <SmilePlus size={14} aria-hidden />
            </button>
          }
          onPick={(name) => void react({ channel, ts, name, remove: false })}
        />
      )}
    </div>
  );
}
