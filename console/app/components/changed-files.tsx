import { useState } from 'react';
import type { ChangedFile } from '../diff/patch.ts';
import styles from './changed-files.module.css';
import { FileDiff } from './diff.tsx';
import { DiffStat } from './status.tsx';

/** Longer files are folded at first, and so is what comes after this many lines in all. */
const OPEN_FILE_LINES = 400;
const OPEN_TOTAL_LINES = 3_000;

export function ChangedFiles({ files }: { readonly files: readonly ChangedFile[] }) {
  if (files.length === 0) return null;
  let total = 0;
  const opened = files.map((file) => {
    const lines = file.additions + file.deletions;
    total += lines;
    return lines <= OPEN_FILE_LINES && total <= OPEN_TOTAL_LINES;
  });
  return (
    <div className={styles['columns']}>
      <nav className={styles['index']} aria-label="Changed files">
        {files.map((file, index) => (
          <a key={file.path} href={`#file-${index}`} title={file.path} data-status={file.status}>
            <bdi>{file.path}</bdi>
          </a>
        ))}
      </nav>
      <div className={styles['files']}>
        {files.map((file, index) => (
          <FileCard key={file.path} id={`file-${index}`} file={file} startsOpen={opened[index] ?? false} />
        ))}
      </div>
    </div>
  );
}

type FileCardProps = { readonly id: string; readonly file: ChangedFile; readonly startsOpen: boolean };

function FileCard({ id, file, startsOpen }: FileCardProps) {
  // A folded file is not in the page at all: there may be hundreds of thousands of lines.
  const [shown, setShown] = useState(startsOpen);
  return (
    <details
      id={id}
      className={styles['file']}
      open={startsOpen}
      onToggle={(event) => setShown(event.currentTarget.open)}
    >
      <summary>
        <span className={styles['path']}>
          {file.status === 'renamed' && `${file.data.oldPath} → `}
          {file.path}
        </span>
        {file.status !== 'modified' && <span className={styles['tag']}>{file.status}</span>}
        <DiffStat additions={file.additions} deletions={file.deletions} />
      </summary>
      {shown && <FileDiff file={file} />}
    </details>
  );
}
