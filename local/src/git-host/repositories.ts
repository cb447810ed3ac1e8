import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';
import { isRepositoryName } from './names.ts';
import { type Refusal, refuse } from './refusal.ts';

/** A bare repository of this host. */
export type Repository = {
  /** `owner/name`. */
  readonly name: string;
  /** Its folder on disk. */
  readonly path: string;
  readonly defaultBranch: string;
  readonly description: string;
};

/** The bare repositories under one folder, as `<owner>/<name>.git`. */
export interface Repositories {
  list(): Promise<Repository[]>;
  find(name: string): Promise<Repository | null>;
  /** Makes an empty repository. Refuses with `conflict` when there is one of that name. */
  create(input: { name: string; description: string; defaultBranch: string }): Promise<Repository | Refusal>;
}

export function createRepositories({ git, root }: { git: Git; root: string }): Repositories {
  const pathOf = (name: string) => join(root, `${name}.git`);

  const find: Repositories['find'] = async (name) => {
    if (!isRepositoryName(name)) return null;
    const path = pathOf(name);
    const head = await readIfThere(join(path, 'HEAD'));
    if (head === null) return null;
    const description = (await readIfThere(join(path, 'description'))) ?? '';
    const defaultBranch = head.trim().replace(/^ref: refs\/heads\//, '');
    return { name, path, defaultBranch, description: description.trim() };
  };

  return {
    find,
    async list() {
      const names: string[] = [];
      for (const owner of await foldersOf(root)) {
        for (const folder of await foldersOf(join(root, owner))) {
          if (folder.endsWith('.git')) names.push(`${owner}/${folder.slice(0, -'.git'.length)}`);
        }
      }
      const found = await Promise.all(names.sort().map(find));
      return found.filter((repository) => repository !== null);
    },
    async create({ name, description, defaultBranch }) {
      if (!isRepositoryName(name)) return refuse('invalid', `"${name}" cannot be the name of a repository`);
      const path = pathOf(name);
      // Made beside its place and then moved, so that a half-made repository is never seen.
      const draft = `${path}.new-${process.hrtime.bigint()}`;
      await mkdir(join(path, '..'), { recursive: true });
      await git.run(['init', '--bare', '--quiet', '--template=', `--initial-branch=${defaultBranch}`, draft]);
      await writeFile(join(draft, 'description'), `${description}\n`);
      try {
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { recursive: true, force: true });
        if (await find(name)) return refuse('conflict', `there is a repository ${name} already`);
        throw error;
      }
      return { name, path, defaultBranch, description };
    },
  };
}

async function foldersOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
