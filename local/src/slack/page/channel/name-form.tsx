import { type ReactNode, useId, useState } from 'react';
import { Dialog } from '../widgets/dialog.tsx';

/** Asks for a channel's name. `onSave` resolves with what is wrong with it, or null when it is done. */
export function NameForm(props: {
  title: string;
  name: string;
  save: string;
  onSave: (name: string) => Promise<string | null>;
  onClose: () => void;
  children?: ReactNode;
}) {
  const [name, setName] = useState(props.name);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const save = async () => {
    const wrong = await props.onSave(name);
    setProblem(wrong);
    if (wrong === null) props.onClose();
  };
  const footer = (
    <>
      <button type="button" className="button" onClick={props.onClose}>
        Cancel
      </button>
      <button type="submit" form={id} className="button button-primary">
        {props.save}
      </button>
    </>
  );
  return (
    <Dialog size="small" title={props.title} onClose={props.onClose} footer={footer}>
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className={problem === null ? 'input-block' : 'input-block has-error'}>
          <label className="input-label" htmlFor={`${id}-name`}>
            Name
          </label>
          <input
            id={`${id}-name`}
            className="field"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            aria-invalid={problem !== null}
            aria-describedby={`${id}-problem`}
            value={name}
            // Slack's names have no spaces and no capitals: what is typed is made to fit.
            onChange={(event) => setName(event.target.value.toLowerCase().replaceAll(' ', '-'))}
          />
          <p id={`${id}-problem`} className="input-error" role="alert">
            {problem}
          </p>
        </div>
        {props.children}
      </form>
    </Dialog>
  );
}
