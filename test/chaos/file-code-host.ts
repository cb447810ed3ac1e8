import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CodeHost, PullRequestInfo } from 'orchestrator/compose';

const run = promisify(execFile);
const REPOSITORY = 'acme/notes';

/** Makes a bare repository with one commit. */
export async function makeOrigin(dir: string): Promise<void> {
  const seed = `${dir}.seed`;
  await run('git', ['init', '--quiet', '--bare', '--template=', '-b', 'main', dir]);
  await run('git', ['clone', '--quiet', '--template=', dir, seed]);
  await mkdir(join(seed, '.deckhand'), { recursive: true });
  await writeFile(join(seed, 'README.md'), '# Notes\n');
  await writeFile(join(seed, '.deckhand/config.yml'), 'checks:\n  - test -f README.md\n');
  const author = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.test'];
  await run('git', ['-C', seed, 'add', '--all']);
  await run('git', ['-C', seed, ...author, 'commit', '--quiet', '-m', 'Begin']);
  await run('git', ['-C', seed, 'push', '--quiet', 'origin', 'HEAD:main']);
}

/** A code host over one bare repository. Pull requests are kept in a file, because a host outlives its clients. */
export function createFileCodeHost(originDir: string): CodeHost {
  const repository = {
    name: REPOSITORY,
    defaultBranch: 'main',
    description: '',
    url: `http://host.invalid/${REPOSITORY}`,
  };
  const path = join(originDir, 'pull-requests.json');
  // The host's own file: nobody else writes it.
  const kept = async (): Promise<PullRequestInfo[]> =>
    JSON.parse(await readFile(path, 'utf8').catch(() => '[]')) as PullRequestInfo[];

  async function openPullRequest(
    input: Parameters<CodeHost['openPullRequest']>[0],
  ): Promise<PullRequestInfo> {
    const all = await kept();
    const open = all.find((one) => one.head === input.head && one.state === 'open');
    if (open) return open;
    const number = all.length + 1;
    const { repository: name, head, base, title, draft } = input;
    const url = `${repository.url}/pull/${number}`;
    const { stdout } = await run('git', ['-C', originDir, 'rev-parse', `refs/heads/${head}`]);
    const made = {
      repository: name,
      head,
      base,
      title,
      draft,
      number,
      url,
      state: 'open',
      headSha: stdout.trim(),
    } as const;
    await writeFile(`${path}.new`, JSON.stringify([...all, made]));
    await rename(`${path}.new`, path);
    return made;
  }

  return {
    kind: 'file',
    repositories: async () => [repository],
    repository: async (name) => (name === REPOSITORY ? repository : null),
    remote: async () => ({ url: originDir, authorization: 'Basic none' }),
    openPullRequest,
    pullRequest: async (_repository, number) => (await kept()).find((one) => one.number === number) ?? null,
    followPullRequests: () => undefined,
  };
}
