import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { findMarked } from './local/marked-processes.ts';
import { createLocalProvider } from './local.ts';
import { describeProviderContract } from './testing/provider-contract.ts';

const makeFolder = () => mkdtemp(join(tmpdir(), 'local-provider-'));

describeProviderContract('local', async () => {
  const root = await makeFolder();
  return {
    open: () => createLocalProvider({ root }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
});

describe('a local provider', () => {
  let root: string;
  beforeEach(async () => {
    root = await makeFolder();
    return () => rm(root, { recursive: true, force: true });
  });

  it('refuses a folder that another living process owns', async () => {
    const first = await createLocalProvider({ root });
    await expect(createLocalProvider({ root })).rejects.toMatchObject({
      code: 'sandbox.start_failed',
      message: expect.stringContaining(String(process.pid)),
    });
    await first.close();
    await (await createLocalProvider({ root })).close();
  });

  it('takes over the folder of an owner that is dead, even where its process id is in use again', async () => {
    for (const owner of [
      '{"pid":999999999,"startTime":"1"}',
      `{"pid":${process.pid},"startTime":"1"}`,
      '{"pid',
    ]) {
      await writeFile(join(root, 'owner.json'), owner);
      await (await createLocalProvider({ root })).close();
    }
    expect(await readdir(root)).toEqual([]);
  });

  it('removes what was half made or half deleted when its owner died', async () => {
    await mkdir(join(root, 'sbx_0123456789abcdef0123/workspace'), { recursive: true });
    await mkdir(join(root, 'deleted-sbx_0123456789abcdef0124/workspace'), { recursive: true });
    const provider = await createLocalProvider({ root });
    expect(await readdir(root)).toEqual(['owner.json']);
    await provider.close();
  });

  it('says that a sandbox is out of reach, not gone, when its record cannot be read', async () => {
    const provider = await createLocalProvider({ root });
    await mkdir(join(root, 'sbx_0123456789abcdef0123'));
    await writeFile(join(root, 'sbx_0123456789abcdef0123/sandbox.json'), '{"half');
    await expect(provider.get('sbx_0123456789abcdef0123')).rejects.toMatchObject({
      code: 'sandbox.unreachable',
    });
    await provider.close();
  });

  it('removes folders that a build made unwritable', async () => {
    const provider = await createLocalProvider({ root });
    const sandbox = await provider.create({ labels: {}, env: {} });
    await sandbox.exec(['sh', '-c', 'mkdir -p cache/deep; touch cache/deep/file; chmod -R a-w cache']);
    await sandbox.delete();
    expect(await readdir(root)).toEqual(['owner.json']);
    await provider.close();
  });
});

describe('when the process that owns local sandboxes is killed', () => {
  let root: string;
  let sandboxId: string;
  let owner: ReturnType<typeof startOwner>;
  const marked = () =>
    findMarked({ name: 'DECKHAND_SANDBOX', value: sandboxId }).map(({ command }) => command);

  beforeEach(async () => {
    root = await makeFolder();
    owner = startOwner(root);
    const [line] = await once(owner.stdout.setEncoding('utf8'), 'data');
    sandboxId = String(line).trim();
    return () => rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it('everything in them is gone within five seconds', async () => {
    await vi.waitFor(() => expect(marked()).toContain('sleep 2001'), { timeout: 5_000 });
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect(marked()).toEqual([]), { timeout: 5_000, interval: 50 });
  });

  it('the next owner begins with none of their processes and may start its own at once', async () => {
    await vi.waitFor(() => expect(marked()).toContain('sleep 2001'), { timeout: 5_000 });
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const provider = await createLocalProvider({ root });
    expect(marked()).toEqual([]);
    const sandbox = await provider.get(sandboxId);
    await sandbox?.start();
    const result = await sandbox?.exec(['sh', '-c', 'sleep 1; echo survived']);
    expect(result?.stdout).toBe('survived\n');
    await provider.close();
  });
});

function startOwner(root: string) {
  const local = fileURLToPath(new URL('./local.ts', import.meta.url));
  const program = `
    import { createLocalProvider } from ${JSON.stringify(local)};
    const provider = await createLocalProvider({ root: ${JSON.stringify(root)} });
    const sandbox = await provider.create({ labels: {}, env: {} });
    await sandbox.serve(['sh', '-c', 'setsid sh -c "sleep 2001 & setsid sleep 2002" & sleep 2003']);
    console.log(sandbox.id);
  `;
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
