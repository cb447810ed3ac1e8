import type { Git } from './git.ts';

export type Branch = {
  readonly name: string;
  readonly sha: string;
  readonly subject: string;
  readonly committedAt: string;
};

export type Commit = {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: string;
  /** ISO 8601. */
  readonly authoredAt: string;
  readonly subject: string;
  /** The message after the subject; often empty. */
  readonly body: string;
};

export type TreeEntry = {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'submodule' | 'link';
  /** Bytes; `null` for anything but a file. */
  readonly size: number | null;
};

export type StoredObject = {
  readonly sha: string;
  readonly kind: 'blob' | 'tree' | 'commit' | 'tag';
  readonly size: number;
};

/** Reads one bare repository. Every method takes full object names that `resolve` has checked. */
export interface Objects {
  branches(): Promise<Branch[]>;
  /** The commit that a branch points to; `null` when there is no such branch. */
  branch(name: string): Promise<string | null>;
  /** The commit behind a branch or a full or short object name; `null` when there is none. */
  resolve(ref: string): Promise<string | null>;
  /** What is at a path of a commit; `null` when nothing is. */
  at(commit: string, path: string): Promise<StoredObject | null>;
  tree(sha: string): Promise<TreeEntry[]>;
  blob(sha: string): Promise<Buffer>;
  /** Newest first. `since` leaves out what is reachable from that commit. */
  commits(input: { of: string; since?: string; limit: number; skip?: number }): Promise<Commit[]>;
  /** Where two commits parted; `null` when they share no history. */
  mergeBase(one: string, other: string): Promise<string | null>;
  /** True when everything in `commit` is also in `inside`. */
  contains(input: { commit: string; inside: string }): Promise<boolean>;
}

export function createObjects(git: Git, path: string): Objects {
  const at = (...args: string[]) => [`--git-dir=${path}`, ...args];
  return {
    async branches() {
      const format = '%(refname:lstrip=2)%00%(objectname)%00%(committerdate:iso-strict)%00%(subject)';
      const out = await git.text(
        at('for-each-ref', '--sort=-committerdate', `--format=${format}`, 'refs/heads'),
      );
      return out.split('\n').filter(Boolean).map(parseBranch);
    },
    branch: (name) => verify(git, at, `refs/heads/${name}^{commit}`),
    async resolve(ref) {
      const asBranch = await verify(git, at, `refs/heads/${ref}^{commit}`);
      if (asBranch !== null || !/^[0-9a-f]{7,64}$/.test(ref)) return asBranch;
      return verify(git, at, `${ref}^{commit}`);
    },
    async at(commit, filePath) {
      // NUL-terminated input: a file's name may hold a line end.
      const args = at('cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)', '-z');
      const out = await git.text(args, { input: `${commit}:${filePath}\0` });
      const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(out);
      if (!match) return null;
      return { sha: match[1] ?? '', kind: match[2] as StoredObject['kind'], size: Number(match[3]) };
    },
    async tree(sha) {
      const out = await git.text(at('ls-tree', '-z', '-l', sha));
      return out.split('\0').filter(Boolean).map(parseTreeEntry).sort(foldersFirst);
    },
    async blob(sha) {
      return (await git.run(at('cat-file', 'blob', sha))).stdout;
    },
    async commits({ of, since, limit, skip = 0 }) {
      const range = since === undefined ? [of] : [of, `^${since}`];
      const format = '--format=%H%x00%P%x00%aI%x00%an%x00%s%x00%b';
      const out = await git.text(
        at('log', '-z', `--max-count=${limit}`, `--skip=${skip}`, format, ...range, '--'),
      );
      return parseCommits(out);
    },
    async mergeBase(one, other) {
      const { code, stdout } = await git.run(at('merge-base', one, other), { answers: [1] });
      return code === 1 ? null : stdout.toString('utf8').trim();
    },
    async contains({ commit, inside }) {
      return (await git.run(at('merge-base', '--is-ancestor', commit, inside), { answers: [1] })).code === 0;
    },
  };
}

async function verify(git: Git, at: (...args: string[]) => string[], name: string): Promise<string | null> {
  const args = at('rev-parse', '--verify', '--quiet', name);
  const { code, stdout } = await git.run(args, { answers: [1, 128] });
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

function parseBranch(line: string): Branch {
  const [name = '', sha = '', committedAt = '', subject = ''] = line.split('\0');
  return { name, sha, committedAt, subject };
}

function parseTreeEntry(record: string): TreeEntry {
  const tab = record.indexOf('\t');
  const [mode = '', type = '', , size = '-'] = record.slice(0, tab).split(/ +/);
  return { name: record.slice(tab + 1), kind: kindOf(mode, type), size: size === '-' ? null : Number(size) };
}

function kindOf(mode: string, type: string): TreeEntry['kind'] {
  if (type === 'tree') return 'folder';
  if (type === 'commit') return 'submodule';
  return mode === '120000' ? 'link' : 'file';
}

function foldersFirst(one: TreeEntry, other: TreeEntry): number {
  const rank = (entry: TreeEntry) => (entry.kind === 'folder' ? 0 : 1);
  return rank(one) - rank(other) || one.name.localeCompare(other.name, 'en');
}

// A commit message holds no NUL, so six fields a commit stay six whatever people write into them.
function parseCommits(out: string): Commit[] {
  const fields = out.split('\0');
  const commits: Commit[] = [];
  for (let index = 0; index + 5 < fields.length; index += 6) {
    const [sha = '', parents = '', authoredAt = '', author = '', subject = '', body = ''] =
      fields.slice(index);
    commits.push({
      sha,
      parents: parents.split(' ').filter(Boolean),
      authoredAt,
      author,
      subject,
      body: body.trim(),
    });
  }
  return commits;
}
