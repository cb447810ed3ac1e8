import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useWorkspace } from '../store/hooks.ts';
import { NameForm } from './name-form.tsx';

/** Makes a channel: one for everybody, or a private one. */
export function NewChannel() {
  const { createChannel } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  const [isPrivate, setPrivate] = useState(false);
  const open = () => {
    setPrivate(false);
    setOpen(true);
  };
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="New channel"
        title="New channel"
        onClick={open}
      >
        <Plus size={15} />
      </button>
      {isOpen ? (
        <NameForm
          title="New channel"
          name=""
          save="Create"
          onSave={(name) => createChannel({ name, isPrivate })}
          onClose={() => setOpen(false)}
        >
          <label className="choice">
            <input
              type="checkbox"
              checked={isPrivate}
              onChange={(event) => setPrivate(event.target.checked)}
            />
            <span>
              Private
              <span className="choice-hint">
                Only those who are invited see it, apps too. In a public one everybody is in, but no app.
              </span>
            </span>
          </label>
        </NameForm>
      ) : null}
    </>
  );
}
