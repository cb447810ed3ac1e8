import type { FileInput } from '@slack/types';
import { useState } from 'react';
import type { SlackFile } from '../../page-api.ts';
import { useField } from '../blocks/surface.ts';
import { useWorkspace } from '../store/hooks.ts';
import { sentence } from '../store/message-actions.ts';
import type { InputProps } from './inputs.tsx';

/** Files to send with a modal; they are uploaded when they are chosen. */
export function FileElement({ element, blockId, tells, id, label }: InputProps<FileInput>) {
  const { upload } = useWorkspace();
  const { value, change } = useField<SlackFile[]>(element, { blockId, tells });
  const [error, setError] = useState<string | null>(null);
  const files = Array.isArray(value) ? value : [];
  const add = async (chosen: FileList | null) => {
    try {
      setError(null);
      const added = await Promise.all([...(chosen ?? [])].slice(0, element.max_files ?? 10).map(upload));
      change(added);
    } catch (reason) {
      setError(sentence(reason));
    }
  };
  return (
    <div>
      <input
        id={id}
        aria-label={label}
        type="file"
        multiple={(element.max_files ?? 10) > 1}
        accept={element.filetypes?.map((type) => `.${type}`).join(',')}
        onChange={(event) => void add(event.target.files)}
      />
      <p className="hint">{error ?? files.map((file: SlackFile) => file.name).join(', ')}</p>
    </div>
  );
}
