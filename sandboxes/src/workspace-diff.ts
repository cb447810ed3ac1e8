import type { Sandbox } from './provider.ts';
import { gitOutput, headSha } from './workspace.ts';

export type ChangedFile = {
  readonly path: string;
  /** Of a file that was moved: where it was. */
  readonly previousPath?: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly additions: number;
  readonly deletions: number;
  readonly isBinary: boolean;
};

export type WorkspaceDiff = {
  /** As `git apply` takes it; binary contents included. */
  readonly patch: string;
  readonly files: readonly ChangedFile[];
  readonly headSha: string;
};

// Neither the checkout's attributes nor its configuration may start a program or change the notation.
const plain = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--find-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--ignore-submodules=dirty',
];

/** What is committed on top of `from`. */
export async function diff(sandbox: Sandbox, { from }: { readonly from: string }): Promise<WorkspaceDiff> {
  const head = await headSha(sandbox);
  const run = (...args: string[]) => gitOutput(sandbox, ['diff', ...plain, ...args, from, head, '--']);
  const patch = await run('--binary', '--full-index');
  const statuses = readStatuses(await run('--name-status', '-z'));
  const counts = readCounts(await run('--numstat', '-z'));
  const files = statuses.map((file) => ({
    ...file,
    ...(counts.get(file.path) ?? { additions: 0, deletions: 0, isBinary: false }),
  }));
  return { patch, files, headSha: head };
}

type FileStatus = Pick<ChangedFile, 'path' | 'previousPath' | 'status'>;

/** `git diff --name-status -z`: a letter, then a path; two paths after R and C. */
function readStatuses(output: string): FileStatus[] {
  const fields = output.split('\0');
  const files: FileStatus[] = [];
  for (let index = 0; index + 1 < fields.length; ) {
    const letter = fields[index]?.[0] ?? '';
    const [first = '', second = ''] = fields.slice(index + 1, index + 3);
    if (letter === 'R' || letter === 'C') {
      files.push(
        letter === 'R'
          ? { path: second, previousPath: first, status: 'renamed' }
          : { path: second, status: 'added' },
      );
      index += 3;
    } else {
      files.push({ path: first, status: statusOf(letter) });
      index += 2;
    }
  }
  return files;
}

function statusOf(letter: string): ChangedFile['status'] {
  if (letter === 'A') return 'added';
  // Everything else (M, and T for a change of type) is a change of what was there.
  return letter === 'D' ? 'deleted' : 'modified';
}

type Counts = Pick<ChangedFile, 'additions' | 'deletions' | 'isBinary'>;

/** `git diff --numstat -z`: `added TAB deleted TAB path`; for a move the path is empty and both paths follow. */
function readCounts(output: string): Map<string, Counts> {
  const fields = output.split('\0');
  const counts = new Map<string, Counts>();
  for (let index = 0; index < fields.length; index += 1) {
    const match = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(fields[index] ?? '');
    if (!match) continue;
    const path = match[3] || (fields[index + 2] ?? '');
    if (!match[3]) index += 2;
    const isBinary = match[1] === '-';
    counts.set(path, {
      additions: isBinary ? 0 : Number(match[1]),
      deletions: isBinary ? 0 : Number(match[2]),
      isBinary,
    });
  }
  return counts;
}
