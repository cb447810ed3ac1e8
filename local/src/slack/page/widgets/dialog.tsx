import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

/** A dialog over the page: focus stays in it, Escape and the cross close it. */
export function Dialog(props: {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  size?: 'small' | 'medium' | 'large';
  /** Above the title, such as the way back to the modal below. */
  note?: ReactNode;
}) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-overlay">
          <Radix.Content className={`dialog dialog-${props.size ?? 'medium'}`} aria-describedby={undefined}>
            <header className="dialog-head">
              <div>
                {props.note}
                <Radix.Title className="dialog-title">{props.title}</Radix.Title>
              </div>
              <Radix.Close className="icon-button" aria-label="Close">
                <X size={18} />
              </Radix.Close>
            </header>
            <div className="dialog-body">{props.children}</div>
            {props.footer ? <footer className="dialog-foot">{props.footer}</footer> : null}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
