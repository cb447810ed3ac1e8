import { Archive, ArchiveRestore, MoreVertical, Pencil, UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { Channel, Person } from '../../page-api.ts';
import { usePeople, useWorkspace } from '../store/hooks.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { Menu, MenuItem, MenuLine } from '../widgets/menu.tsx';
import { NameForm } from './name-form.tsx';

// Slack itself is nowhere and everywhere.
const slackbot = 'USLACKBOT';
// The channel that everybody is in has no end.
const general = 'C0GENERAL0';

/** What one can do with a channel: who is in it, its name, its end. */
export function ChannelMenu({ channel }: { channel: Channel }) {
  const workspace = useWorkspace();
  const people = usePeople().filter((person) => person.id !== slackbot);
  const [asks, setAsks] = useState<'name' | 'archive' | null>(null);
  const isIn = (person: Person) => channel.members.includes(person.id);
  const id = channel.id;
  const trigger = (
    <button type="button" className="icon-button" aria-label="Channel actions" title="Channel actions">
      <MoreVertical size={18} />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        {channel.isArchived ? (
          <MenuItem icon={<ArchiveRestore size={15} />} onSelect={() => void workspace.unarchive(id)}>
            Unarchive channel
          </MenuItem>
        ) : (
          <>
            <Invitations channel={channel} people={people.filter((person) => !isIn(person))} />
            <Removals channel={channel} people={people.filter((person) => person.isBot && isIn(person))} />
            <MenuItem icon={<Pencil size={15} />} onSelect={() => setAsks('name')}>
              Rename channel
            </MenuItem>
            {id === general ? null : (
              <MenuItem icon={<Archive size={15} />} danger onSelect={() => setAsks('archive')}>
                Archive channel
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      {asks === 'name' ? (
        <NameForm
          title={`Rename #${channel.name}`}
          name={channel.name}
          save="Rename"
          onSave={(name) => workspace.renameChannel({ channel: id, name })}
          onClose={() => setAsks(null)}
        />
      ) : null}
      {asks === 'archive' ? <ArchiveDialog channel={channel} onClose={() => setAsks(null)} /> : null}
    </>
  );
}

type Persons = { channel: Channel; people: readonly Person[] };

function Invitations({ channel, people }: Persons) {
  const { invite } = useWorkspace();
  if (people.length === 0) return null;
  return (
    <>
      {people.map(({ id, realName }) => (
        <MenuItem
          key={id}
          icon={<UserPlus size={15} />}
          onSelect={() => void invite({ channel: channel.id, user: id })}
        >
          Invite {realName}
        </MenuItem>
      ))}
      <MenuLine />
    </>
  );
}

function Removals({ channel, people }: Persons) {
  const { removeMember } = useWorkspace();
  if (people.length === 0) return null;
  return (
    <>
      {people.map(({ id, realName }) => (
        <MenuItem
          key={id}
          icon={<UserMinus size={15} />}
          onSelect={() => void removeMember({ channel: channel.id, user: id })}
        >
          Remove {realName}
        </MenuItem>
      ))}
      <MenuLine />
    </>
  );
}

function ArchiveDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { archive } = useWorkspace();
  const footer = (
    <>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      <button
        type="button"
        className="button button-danger-solid"
        onClick={() => {
          onClose();
          void archive(channel.id);
        }}
      >
        Archive
      </button>
    </>
  );
  return (
    <Dialog size="small" title={`Archive #${channel.name}?`} onClose={onClose} footer={footer}>
      Nobody can write there any more, apps neither, until it is unarchived.
    </Dialog>
  );
}
