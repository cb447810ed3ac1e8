import type { AnyBlock } from '@slack/types';
import { ChevronLeft } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import type { OpenView } from '../../page-api.ts';
import { Blocks, SurfaceWarning } from '../blocks/blocks.tsx';
import { SurfaceContext, useNewSurface } from '../blocks/surface.ts';
import { useView, useWorkspace } from '../store/hooks.ts';
import { PlainText } from '../text/mrkdwn-view.tsx';
import { Dialog } from '../widgets/dialog.tsx';

/** The modal on top of the stack. Those below keep what was typed into them. */
export function Modals() {
  const modals = useView((state) => state.modals);
  return modals.map((view, index) => (
    <ModalView key={view.id} view={view} isTop={index === modals.length - 1} isOnOther={index > 0} />
  ));
}

function ModalView({ view, isTop, isOnOther }: { view: OpenView; isTop: boolean; isOnOther: boolean }) {
  const workspace = useWorkspace();
  const formId = useId();
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const blocks: readonly AnyBlock[] = view.blocks;
  const surface = useNewSurface({ kind: 'modal', container: { viewId: view.id }, blocks, errors });
  const words = wordsOf(view);
  const close = () => void workspace.closeModal(view.id);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const outcome = await workspace.submit(view.id, surface.values);
    setBusy(false);
    setErrors(outcome.errors ?? {});
    setProblem(outcome.ok || outcome.errors ? null : (outcome.warning ?? 'The app did not answer in time.'));
  };

  if (!isTop) return null;
  const footer = (
    <>
      <button type="button" className="button" onClick={close}>
        {words.close}
      </button>
      {words.submit === null ? null : (
        <button
          type="submit"
          form={formId}
          className="button button-primary"
          disabled={isBusy}
          aria-busy={isBusy}
        >
          {isBusy ? 'Sending…' : words.submit}
        </button>
      )}
    </>
  );
  const note = isOnOther ? (
    <button type="button" className="link-button" onClick={close}>
      <ChevronLeft size={14} aria-hidden /> Back
    </button>
  ) : null;
  return (
    <Dialog title={<PlainText text={words.title} />} onClose={close} footer={footer} note={note}>
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
        <SurfaceContext.Provider value={surface}>
          <Blocks blocks={blocks} />
          <SurfaceWarning />
        </SurfaceContext.Provider>
        {problem === null ? null : (
          <p className="surface-warning" role="alert">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function wordsOf(view: OpenView): { title: string; submit: string | null; close: string } {
  if (view.type !== 'modal') return { title: 'App', submit: null, close: 'Close' };
  const hasInputs = view.blocks.some((block) => block.type === 'input');
  // An app that shows inputs without naming the button gets Slack's word for it.
  const submit = view.submit?.text ?? (hasInputs ? 'Submit' : null);
  return {
    title: view.title.text,
    submit,
    close: view.close?.text ?? (submit === null ? 'Close' : 'Cancel'),
  };
}
