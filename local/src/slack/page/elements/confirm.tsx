import type { Confirm } from '@slack/types';
import { type ReactNode, useState } from 'react';
import { TextView } from '../blocks/text-view.tsx';
import { PlainText } from '../text/mrkdwn-view.tsx';
import { Dialog } from '../widgets/dialog.tsx';

/** Asks before an act when the element wants that: `ask(act)` runs it at once or after a yes; draw `dialog`. */
export function useConfirm(confirm: Confirm | undefined): {
  ask: (act: () => void) => void;
  dialog: ReactNode;
} {
  const [act, setAct] = useState<(() => void) | null>(null);
  if (!confirm) return { ask: (now) => now(), dialog: null };
  const close = () => setAct(null);
  const yes = () => {
    close();
    act?.();
  };
  return {
    ask: (later) => setAct(() => later),
    dialog: act ? <ConfirmDialog confirm={confirm} onYes={yes} onClose={close} /> : null,
  };
}

function ConfirmDialog({
  confirm,
  onYes,
  onClose,
}: {
  confirm: Confirm;
  onYes: () => void;
  onClose: () => void;
}) {
  const style = confirm.style === 'danger' ? 'button button-danger-solid' : 'button button-primary';
  const footer = (
    <>
      <button type="button" className="button" onClick={onClose}>
        <PlainText text={confirm.deny?.text ?? 'Cancel'} />
      </button>
      <button type="button" className={style} onClick={onYes}>
        <PlainText text={confirm.confirm?.text ?? 'Yes'} />
      </button>
    </>
  );
  return (
    <Dialog
      size="small"
      title={<PlainText text={confirm.title?.text ?? 'Are you sure?'} />}
      onClose={onClose}
      footer={footer}
    >
      <TextView text={confirm.text} />
    </Dialog>
  );
}
