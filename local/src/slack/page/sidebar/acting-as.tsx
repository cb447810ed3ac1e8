import { ChevronsUpDown } from 'lucide-react';
import { usePeople, usePerson, useView, useWorkspace } from '../store/hooks.ts';
import { Avatar } from '../widgets/avatar.tsx';
import { Menu, MenuChoice, MenuChoices, MenuLabel } from '../widgets/menu.tsx';

/** One visitor can be several people, because an approval needs two. */
export function ActingAs() {
  const { actAs } = useWorkspace();
  const people = usePeople().filter((person) => !person.isBot);
  const me = useView((state) => state.me);
  const person = usePerson(me);
  const trigger = (
    <button type="button" className="acting-as" aria-label="Acting as" aria-description={person?.realName}>
      <Avatar person={person} size="medium" />
      <span className="acting-words">
        <span className="acting-label">Acting as</span>
        <strong>{person?.realName}</strong>
        <span className="acting-title">{person?.title}</span>
      </span>
      <ChevronsUpDown size={16} aria-hidden />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuLabel>Be someone else: approvals need two</MenuLabel>
      <MenuChoices value={me} onChange={(id) => void actAs(id)}>
        {people.map(({ id, realName, title }) => (
          <MenuChoice key={id} value={id}>
            <Avatar person={people.find((one) => one.id === id)} size="medium" />
            <span className="menu-words">
              <strong>{realName}</strong>
              <span className="hint">{title}</span>
            </span>
          </MenuChoice>
        ))}
      </MenuChoices>
    </Menu>
  );
}
