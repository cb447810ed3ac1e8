import type { InputBlock } from '@slack/types';
import { useId } from 'react';
import { BlockElement } from '../elements/element.tsx';
import { PlainText } from '../text/mrkdwn-view.tsx';
import { useSurface } from './surface.ts';

const labelled = new Set([
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
  'datepicker',
  'timepicker',
  'datetimepicker',
  'file_input',
]);

/** A labelled input, with what the app said about it. */
export function Input({ block }: { block: InputBlock }) {
  const id = useId();
  const { errors, kind } = useSurface();
  const blockId = block.block_id ?? '';
  const error = errors[blockId];
  const label = (
    <>
      <PlainText text={block.label.text} />
      {block.optional ? <span className="hint"> (optional)</span> : null}
    </>
  );
  // A group of boxes has no single control that a label could point to.
  const isLabelled = labelled.has(block.element.type);
  const tells = block.dispatch_action === true || kind === 'message';
  return (
    <div className={error === undefined ? 'block input-block' : 'block input-block has-error'}>
      {isLabelled ? (
        <label className="input-label" htmlFor={id}>
          {label}
        </label>
      ) : (
        <div className="input-label">{label}</div>
      )}
      <BlockElement
        element={block.element}
        blockId={blockId}
        tells={tells}
        {...(isLabelled ? { id } : { label: block.label.text })}
      />
      {error === undefined ? null : (
        <p className="input-error" role="alert">
          {error}
        </p>
      )}
      {block.hint ? (
        <p className="hint">
          <PlainText text={block.hint.text} />
        </p>
      ) : null}
    </div>
  );
}
