import type { Git } from './git.ts';

export type DiffLine = {
  readonly kind: 'context' | 'added' | 'removed' | 'note';
  /** Line number before the change, `null` for an added line. */
  readonly before: number | null;
  /** Line number after the change, `null` for a removed line. */
  readonly after: number | null;
  readonly text: string;
};

export type DiffHunk = { readonly header: string; readonly lines: readonly DiffLine[] };

export type FileDiff = {
  readonly path: string;
  /** The name before a rename, else `null`. */
  readonly previousPath: string | null;
  readonly status: 'added' | 'removed' | 'changed' | 'renamed';
  readonly added: number;
  readonly removed: number;
  readonly isBinary: boolean;
  readonly hunks: readonly DiffHunk[];
};

export type Diff = {
  readonly files: readonly FileDiff[];
  /** True when the text was too large, so that the last files came without their lines. */
  readonly isCut: boolean;
};

type FileSummary = Omit<FileDiff, 'hunks'> & { readonly sections: number };

/** The most patch text that is read for one page. */
const maxPatchBytes = 2 * 1024 * 1024;

const common = ['--no-color', '--no-ext-diff', '--no-textconv', '--find-renames', '--full-index'];

/** Compares two trees or commits; `from` may be git's empty tree. */
export async function readDiff(input: { git: Git; path: string; from: string; to: string }): Promise<Diff> {
  const { git, path, from, to } = input;
  const diff = [`--git-dir=${path}`, 'diff', ...common];
  const [summary, patch] = await Promise.all([
    git.text([...diff, '--raw', '--numstat', '-z', from, to, '--']),
    git.run([...diff, '--patch', from, to, '--'], { maxBytes: maxPatchBytes }),
  ]);
  const sections = splitPatch(patch.stdout.toString('utf8'));
  let next = 0;
  const files = parseSummary(summary).map(({ sections: count, ...file }) => {
    const hunks = sections.slice(next, next + count).flatMap(parseHunks);
    next += count;
    return { ...file, hunks };
  });
  return { files, isCut: patch.isCut };
}

/** The patch as git prints it, cut at 2 MiB. */
export async function readPatch(input: {
  git: Git;
  path: string;
  from: string;
  to: string;
}): Promise<string> {
  const { git, path, from, to } = input;
  const args = [`--git-dir=${path}`, 'diff', ...common, '--patch', from, to, '--'];
  return (await git.run(args, { maxBytes: maxPatchBytes })).stdout.toString('utf8');
}

/** Lines added and removed in all files together. */
export function countLines(files: readonly FileDiff[]): { added: number; removed: number } {
  return {
    added: files.reduce((sum, file) => sum + file.added, 0),
    removed: files.reduce((sum, file) => sum + file.removed, 0),
  };
}

// Names come from the NUL-separated summary and never from the patch, whose headers are ambiguous for a
// file called `a b/c d`. Both list the files in the same order.
function parseSummary(out: string): FileSummary[] {
  const fields = out.split('\0');
  const statuses: string[] = [];
  let index = 0;
  while (fields[index]?.startsWith(':')) {
    const letter = fields[index]?.split(' ')[4]?.[0] ?? 'M';
    statuses.push(letter);
    index += letter === 'R' || letter === 'C' ? 3 : 2;
  }
  return statuses.map((letter) => {
    const [added = '', removed = '', path = ''] = splitCounts(fields[index] ?? '');
    const isRename = path === '';
    const previousPath = isRename ? (fields[index + 1] ?? '') : null;
    const finalPath = isRename ? (fields[index + 2] ?? '') : path;
    index += isRename ? 3 : 1;
    return {
      path: finalPath,
      previousPath,
      status: statusOf(letter),
      added: Number(added) || 0,
      removed: Number(removed) || 0,
      isBinary: added === '-',
      // A file that became a link is printed as one file removed and one added.
      sections: letter === 'T' ? 2 : 1,
    };
  });
}

// A file's name may hold tabs: only the first two separate.
function splitCounts(record: string): string[] {
  const [added = '', removed = '', ...path] = record.split('\t');
  return [added, removed, path.join('\t')];
}

function statusOf(letter: string): FileDiff['status'] {
  const statuses: Record<string, FileDiff['status']> = { A: 'added', D: 'removed', R: 'renamed', C: 'added' };
  return statuses[letter] ?? 'changed';
}

// A line of content always begins with one of ` +-\@`, so this start cannot be part of a file.
function splitPatch(patch: string): string[] {
  return patch.split(/^(?=diff --git )/m).filter((section) => section.startsWith('diff --git '));
}

function parseHunks(section: string): DiffHunk[] {
  const hunks: { header: string; lines: DiffLine[] }[] = [];
  let before = 0;
  let after = 0;
  for (const line of section.replace(/\n$/, '').split('\n')) {
    const start = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/.exec(line);
    const hunk = hunks.at(-1);
    if (start) {
      before = Number(start[1]);
      after = Number(start[2]);
      hunks.push({ header: line, lines: [] });
    } else if (hunk) {
      const parsed = parseLine(line, { before, after });
      if (parsed.before !== null) before += 1;
      if (parsed.after !== null) after += 1;
      hunk.lines.push(parsed);
    }
  }
  return hunks;
}

function parseLine(line: string, at: { before: number; after: number }): DiffLine {
  const text = line.slice(1);
  if (line.startsWith('+')) return { kind: 'added', before: null, after: at.after, text };
  if (line.startsWith('-')) return { kind: 'removed', before: at.before, after: null, text };
  if (line.startsWith('\\')) return { kind: 'note', before: null, after: null, text: text.trim() };
  return { kind: 'context', before: at.before, after: at.after, text };
}
