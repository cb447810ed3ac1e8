import { memo } from 'react';
import { Decoration, Diff, type DiffType, Hunk, markEdits, tokenize } from 'react-diff-view';
import 'react-diff-view/style/index.css';
import type { ChangedFile } from '../diff/patch.ts';
import './diff.css';

/** A longer hunk is shown without marks inside its lines: finding them takes time that grows with its square. */
const MARKED_LINES = 1_500;

/** The changes of one file, line under line. */
export const FileDiff = memo(function FileDiff({ file }: { readonly file: ChangedFile }) {
  const { hunks } = file.data;
  if (file.data.isBinary) return <div className="diff-note">A binary file</div>;
  if (hunks.length === 0) return <div className="diff-note">No lines changed</div>;
  const lines = hunks.reduce((sum, hunk) => sum + hunk.changes.length, 0);
  const tokens =
    lines <= MARKED_LINES
      ? tokenize(hunks, { highlight: false, enhancers: [markEdits(hunks, { type: 'line' })] })
      : null;
  const type: DiffType = file.data.type;
  return (
    <div className="diff-scroll">
      <Diff viewType="unified" diffType={type} hunks={hunks} tokens={tokens}>
        {(all) =>
          all.flatMap((hunk) => [
            <Decoration key={`at-${hunk.content}`}>
              <div className="diff-hunk-header">{hunk.content}</div>
            </Decoration>,
            <Hunk key={hunk.content} hunk={hunk} />,
          ])
        }
      </Diff>
    </div>
  );
});
