import { AtSign, Bold, Code, Italic, Loader2, Paperclip, SendHorizontal, SquareCode, X } from 'lucide-react';
import { useRef } from 'react';
import type { Attached } from './use-composer.ts';

const marks = [
  { sign: '*', label: 'Bold', Icon: Bold },
  { sign: '_', label: 'Italic', Icon: Italic },
  { sign: '`', label: 'Code', Icon: Code },
  { sign: '\n```\n', label: 'Code block', Icon: SquareCode },
] as const;

/** The row under the text: files, formatting, sending. */
export function ComposerBar(props: {
  canSend: boolean;
  onFiles: (files: readonly File[]) => void;
  onMark: (sign: string) => void;
  onInsert: (sign: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="composer-bar">
      <button
        type="button"
        className="icon-button"
        aria-label="Attach a file"
        title="Attach a file"
        onClick={() => input.current?.click()}
      >
        <Paperclip size={16} />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files"
        onChange={(event) => {
          props.onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <button
        type="button"
        className="icon-button"
        aria-label="Mention someone"
        title="Mention someone"
        onClick={() => props.onInsert('@')}
      >
        <AtSign size={16} />
      </button>
      <span className="composer-line" />
      {marks.map(({ sign, label, Icon }) => (
        <button
          key={label}
          type="button"
          className="icon-button"
          aria-label={label}
          title={label}
          onClick={() => props.onMark(sign)}
        >
          <Icon size={16} />
        </button>
      ))}
      <span className="composer-hint">
        <kbd>Enter</kbd> to send · <kbd>Shift</kbd> <kbd>Enter</kbd> for a new line
      </span>
      <button type="submit" className="send-button" aria-label="Send" title="Send" disabled={!props.canSend}>
        <SendHorizontal size={16} />
      </button>
    </div>
  );
}

/** The files that will go with the message. */
export function AttachedFiles({
  files,
  onRemove,
}: {
  files: readonly Attached[];
  onRemove: (key: string) => void;
}) {
  if (files.length === 0) return null;
  return (
    <ul className="attached" aria-label="Attached files">
      {files.map(({ key, name, file, error }) => (
        <li
          key={key}
          className={error === null ? 'attached-file' : 'attached-file has-error'}
          title={error ?? name}
        >
          {file === null && error === null ? (
            <Loader2 size={13} className="spin" aria-label="Uploading" />
          ) : null}
          <span>{error === null ? name : `${name}: ${error}`}</span>
          <button
            type="button"
            className="icon-button"
            aria-label={`Remove ${name}`}
            onClick={() => onRemove(key)}
          >
            <X size={13} />
          </button>
        </li>
      ))}
    </ul>
  );
}
