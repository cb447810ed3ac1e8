import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';

const fields = 'input:not([type=hidden]), textarea, select, [contenteditable=true]';

/** What has the focus; for a line of a menu, which is gone by then, the button that the menu opened from. */
function openerNow(): HTMLElement | null {
  const active = document.activeElement;
  const button = active?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  const opener = button ? document.getElementById(button) : active;
  return opener instanceof HTMLElement ? opener : null;
}

/**
 * A dialog over the page: the focus goes to its first field, stays in it, and goes back to where the dialog came from.
 * Escape and the cross close it.
 */
export function Dialog(props: {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  size?: 'small' | 'medium' | 'large';
  /** Above the title, such as the way back to the modal below. */
  note?: ReactNode;
}) {
  const [opener] = useState(openerNow);
  const body = useRef<HTMLDivElement>(null);
  const focusField = (event: Event) => {
    const field = body.current?.querySelector<HTMLElement>(fields);
    if (!field) return;
    event.preventDefault();
    field.focus();
  };
  const giveBack = (event: Event) => {
    event.preventDefault();
    opener?.focus();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-overlay">
          <Radix.Content
            className={`dialog dialog-${props.size ?? 'medium'}`}
            aria-describedby={undefined}
            onOpenAutoFocus={focusField}
            onCloseAutoFocus={giveBack}
          >
            <header className="dialog-head">
              <div>
                {props.note}
                <Radix.Title className="dialog-title">{props.title}</Radix.Title>
              </div>
              <Radix.Close className="icon-button" aria-label="Close">
                <X size={18} />
              </Radix.Close>
            </header>
            <div ref={body} className="dialog-body">
              {props.children}
            </div>
            {props.footer ? <footer className="dialog-foot">{props.footer}</footer> : null}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
