import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Sandbox, SandboxInfo, SandboxProvider } from '../provider.ts';

/** A place in which providers can be made one after the other over the same sandboxes. */
export type ProviderPlace = {
  /** A provider over the sandboxes of this place; the one before was closed. */
  open(): Promise<SandboxProvider>;
  remove(): Promise<void>;
};

type Stage = { provider: SandboxProvider; sandbox: Sandbox; place: ProviderPlace };

/** The promises of `provider.ts`, for every provider to keep. */
export function describeProviderContract(name: string, makePlace: () => Promise<ProviderPlace>): void {
  describe(`the ${name} provider`, () => {
    let place: ProviderPlace;
    let provider: SandboxProvider;
    let sandbox: Sandbox;
    const stage = (): Stage => ({ provider, sandbox, place });
    beforeEach(async () => {
      place = await makePlace();
      provider = await place.open();
      sandbox = await provider.create({ labels: { session: 'ses_1' }, env: { GREETING: 'hello' } });
    });
    afterEach(async () => {
      await sandbox.delete();
      await provider.close();
      await place.remove();
    });
    describeLife(stage);
    describeCommands(stage);
    describeProcesses(stage);
    describeFiles(stage);
    describeNetwork(stage);
  });
}

function describeLife(stage: () => Stage): void {
  it('says that it can work here', async () => {
    expect(await stage().provider.probe()).toMatchObject({ ok: true });
  });

  it('finds a sandbox by its id, and nothing under any other', async () => {
    const { provider, sandbox } = stage();
    expect((await provider.get(sandbox.id))?.id).toBe(sandbox.id);
    for (const id of ['sbx_00000000000000000000', '../etc', '', 'sbx_'])
      expect(await provider.get(id)).toBeNull();
  });

  it('lists the sandboxes that carry all the given labels', async () => {
    const { provider, sandbox } = stage();
    const other = await provider.create({ labels: { session: 'ses_2', kind: 'test' }, env: {} });
    const idsWith = async (labels: Record<string, string>) =>
      (await collect(provider.list(labels))).map(({ id }) => id).sort();
    expect(await idsWith({})).toEqual([sandbox.id, other.id].sort());
    expect(await idsWith({ session: 'ses_1' })).toEqual([sandbox.id]);
    expect(await idsWith({ session: 'ses_2', kind: 'test' })).toEqual([other.id]);
    expect(await idsWith({ session: 'ses_1', kind: 'test' })).toEqual([]);
    await other.delete();
    expect(await idsWith({})).toEqual([sandbox.id]);
  });

  it('keeps files, labels and variables over a stop and a new provider, where it says so', async () => {
    const { provider, sandbox, place } = stage();
    if (!provider.capabilities.stop) return;
    await sandbox.writeFile(join(sandbox.paths.workspace, 'kept.txt'), 'kept');
    await sandbox.stop();
    expect(sandbox.state()).toBe('stopped');
    await provider.close();
    const next = await place.open();
    const found = await next.get(sandbox.id);
    expect(found?.labels).toEqual({ session: 'ses_1' });
    await found?.start();
    expect(found?.state()).toBe('started');
    const result = await found?.exec(['sh', '-c', 'cat kept.txt; echo $GREETING']);
    expect(result?.stdout).toBe('kepthello\n');
    await found?.delete();
    await next.close();
  });

  it('can be deleted twice, and is gone then', async () => {
    const { provider, sandbox } = stage();
    await sandbox.delete();
    await sandbox.delete();
    expect(await provider.get(sandbox.id)).toBeNull();
    await expect(sandbox.exec(['true'])).rejects.toMatchObject({ code: 'sandbox.gone' });
  });
}

function describeCommands(stage: () => Stage): void {
  it('runs a program in the workspace and tells how it ended', async () => {
    const { sandbox } = stage();
    const result = await sandbox.exec(['sh', '-c', 'pwd; echo $GREETING $MORE; echo oops >&2; exit 3'], {
      env: { MORE: 'world' },
    });
    expect(result).toEqual({
      exitCode: 3,
      stdout: `${sandbox.paths.workspace}\nhello world\n`,
      stderr: 'oops\n',
      timedOut: false,
    });
  });

  it('passes arguments as they are', async () => {
    const args = ['a b', '$HOME', '*', '"', "'", '\n', 'ü'];
    const { stdout } = await stage().sandbox.exec(['printf', '%s|', ...args]);
    expect(stdout).toBe(`${args.join('|')}|`);
  });

  it('throws for a program that cannot be started', async () => {
    await expect(stage().sandbox.exec(['no-such-program'])).rejects.toMatchObject({
      code: 'sandbox.exec_failed',
    });
  });

  it('refuses to run where it was stopped', async () => {
    const { sandbox } = stage();
    await sandbox.stop();
    await expect(sandbox.exec(['true'])).rejects.toMatchObject({ code: 'sandbox.exec_failed' });
  });

  it('hands out output while the program runs, and keeps the last of it', async () => {
    const { sandbox } = stage();
    const seen: string[] = [];
    const running = sandbox.exec(
      ['sh', '-c', 'echo first; until [ -e go ]; do sleep 0.02; done; seq 1 20000'],
      {
        onOutput: (chunk) => seen.push(chunk),
        maxOutput: 1_000,
      },
    );
    await vi.waitFor(() => expect(seen.join('')).toBe('first\n'), { timeout: 5_000 });
    await sandbox.writeFile(join(sandbox.paths.workspace, 'go'), '');
    const { stdout } = await running;
    expect(stdout).toHaveLength(1_000);
    expect(stdout.endsWith('19999\n20000\n')).toBe(true);
    expect(seen.join('')).toContain('first\n1\n2\n');
  });

  it('ends a program at its time limit, with all that it started', async () => {
    const { sandbox } = stage();
    const result = await sandbox.exec(['sh', '-c', 'echo begun; setsid sleep 1000 & sleep 1000'], {
      timeoutMs: 1_500,
    });
    expect(result).toMatchObject({ timedOut: true, stdout: 'begun\n' });
    expect(await sandbox.processes()).toEqual([]);
  });

  it('ends a program when the caller aborts, with all that it started', async () => {
    const { sandbox } = stage();
    const abort = new AbortController();
    const running = sandbox.exec(['sh', '-c', 'setsid sleep 1000 & echo begun; sleep 1000'], {
      signal: abort.signal,
      onOutput: () => abort.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
    expect(await sandbox.processes()).toEqual([]);
    await expect(sandbox.exec(['true'], { signal: abort.signal })).rejects.toThrow('enough');
  });

  it('does not wait for what a program left running behind it', async () => {
    const { stdout } = await stage().sandbox.exec(['sh', '-c', 'sleep 1000 & echo done']);
    expect(stdout).toBe('done\n');
  });

  it('gives nothing of our own environment to what it runs', async () => {
    vi.stubEnv('DECKHAND_TEST_SECRET', 'do-not-tell');
    const { stdout } = await stage().sandbox.exec(['env']);
    vi.unstubAllEnvs();
    expect(stdout).not.toContain('do-not-tell');
    expect(stdout).toContain('GIT_TERMINAL_PROMPT=0');
  });

  it('has node, npm, git and ripgrep', async () => {
    for (const program of ['node', 'npm', 'git', 'rg']) {
      expect(await stage().sandbox.exec([program, '--version'])).toMatchObject({ exitCode: 0 });
    }
  });
}

function describeProcesses(stage: () => Stage): void {
  const breakAway = 'setsid sh -c "setsid sleep 1001 & sleep 1002" & (sleep 1003 &) ; echo ready; sleep 1004';

  it('leaves no process behind a stop, not even those that left their group and session', async () => {
    const { sandbox } = stage();
    await sandbox.serve(['sh', '-c', breakAway]);
    await vi.waitFor(async () => expect((await sandbox.processes()).length).toBeGreaterThanOrEqual(5), {
      timeout: 5_000,
    });
    await sandbox.stop();
    expect(await sandbox.processes()).toEqual([]);
  });

  it('leaves no process behind a stop while new ones are being made all the time', async () => {
    const { sandbox } = stage();
    await sandbox.serve([
      'sh',
      '-c',
      'while :; do setsid sh -c "sleep 0.05; setsid sleep 1000" & sleep 0.01; done',
    ]);
    await vi.waitFor(async () => expect((await sandbox.processes()).length).toBeGreaterThan(5), {
      timeout: 5_000,
    });
    await sandbox.stop();
    expect(await sandbox.processes()).toEqual([]);
  });

  it('ends only the processes of the sandbox that is stopped', async () => {
    const { provider, sandbox } = stage();
    const other = await provider.create({ labels: {}, env: {} });
    await other.serve(['sleep', '1000']);
    await sandbox.stop();
    expect((await other.processes()).map(({ command }) => command)).toEqual(['sleep 1000']);
    await other.delete();
  });

  it('tells when a service ends, and what it said last', async () => {
    const service = await stage().sandbox.serve(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(await service.exited).toBe(7);
    expect(service.recentOutput()).toContain('out\n');
    expect(service.recentOutput()).toContain('err\n');
  });

  it('kills a service with all that it started', async () => {
    const { sandbox } = stage();
    const service = await sandbox.serve(['sh', '-c', breakAway]);
    await vi.waitFor(() => expect(service.recentOutput()).toContain('ready'), { timeout: 5_000 });
    await service.kill();
    expect(await service.exited).not.toBe(0);
    expect(await sandbox.processes()).toEqual([]);
  });
}

function describeFiles(stage: () => Stage): void {
  it('writes and reads files, makes their folders and sets their mode', async () => {
    const { sandbox } = stage();
    const path = join(sandbox.paths.home, 'a/b/run.sh');
    await sandbox.writeFile(path, '#!/bin/sh\necho ran\n', 0o755);
    expect(new TextDecoder().decode(await sandbox.readFile(path))).toBe('#!/bin/sh\necho ran\n');
    expect((await sandbox.exec([path])).stdout).toBe('ran\n');
    await sandbox.writeFile(path, new Uint8Array([0, 255]));
    expect([...(await sandbox.readFile(path))]).toEqual([0, 255]);
  });

  it('has no file where there is none, where there is a folder, a pipe, or a way out of the sandbox', async () => {
    const { sandbox } = stage();
    const { workspace } = sandbox.paths;
    await sandbox.exec([
      'sh',
      '-c',
      'mkfifo pipe; ln -s /etc/passwd link; ln -s /etc folder; ln -s /etc/new-file new',
    ]);
    const paths = ['none', '.', 'pipe', 'link', 'folder/passwd', '../../../../../../../../etc/passwd'];
    for (const path of paths) {
      await expect(sandbox.readFile(`${workspace}/${path}`)).rejects.toMatchObject({
        code: 'sandbox.file_not_found',
      });
    }
    for (const path of ['link', 'folder/x', 'new', '../../../../../../../../tmp/x']) {
      await expect(sandbox.writeFile(`${workspace}/${path}`, 'x')).rejects.toMatchObject({
        code: 'sandbox.file_not_found',
      });
    }
    await expect(sandbox.readFile('kept.txt')).rejects.toMatchObject({ code: 'sandbox.file_not_found' });
  });

  it('copies large files in and out unchanged', async () => {
    const { sandbox } = stage();
    const folder = await mkdtemp(join(tmpdir(), 'contract-'));
    const [there, back] = [join(folder, 'there'), join(folder, 'back')];
    await writeFile(there, randomBytes(32 * 1024 * 1024));
    await sandbox.upload(there, join(sandbox.paths.runtime, 'deep/large.bin'));
    await sandbox.download(join(sandbox.paths.runtime, 'deep/large.bin'), back);
    expect(await digest(back)).toBe(await digest(there));
    await rm(folder, { recursive: true });
  });
}

const server = `
  const http = require('node:http');
  http.createServer((request, response) => {
    if (request.url.startsWith('/redirect')) return response.writeHead(302, { location: 'http://example.com/' }).end();
    let body = '';
    request.on('data', (chunk) => (body += chunk)).on('end', () => {
      response.write(request.method + ' ' + request.url + ' ' + body);
      if (request.url !== '/stream') return response.end();
      setTimeout(() => response.end('end'), 30_000);
    });
  }).listen(Number(process.argv[1]), '127.0.0.1', () => console.log('listening'));
`;

function describeNetwork(stage: () => Stage): void {
  it('reaches a port inside, with method, path, query and body', async () => {
    const { sandbox } = stage();
    const port = await serveHttp(sandbox);
    const response = await sandbox.fetch(port, '/a/b?c=d%20e', { method: 'POST', body: 'body' });
    expect(await response.text()).toBe('POST /a/b?c=d%20e body');
  });

  it('streams answers', async () => {
    const { sandbox } = stage();
    const port = await serveHttp(sandbox);
    const abort = new AbortController();
    const response = await sandbox.fetch(port, '/stream', { signal: abort.signal });
    const first = await response.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toBe('GET /stream ');
    abort.abort();
  });

  it('follows no redirect, since that could lead anywhere', async () => {
    const { sandbox } = stage();
    const port = await serveHttp(sandbox);
    expect((await sandbox.fetch(port, '/redirect')).status).toBe(302);
  });

  it('says so when nothing answers on a port', async () => {
    const { sandbox } = stage();
    const port = await sandbox.freePort();
    await expect(sandbox.fetch(port, '/')).rejects.toMatchObject({
      code: 'sandbox.unreachable',
      retryable: true,
    });
  });
}

async function serveHttp(sandbox: Sandbox): Promise<number> {
  const port = await sandbox.freePort();
  const service = await sandbox.serve(['node', '-e', server, String(port)]);
  await vi.waitFor(() => expect(service.recentOutput()).toContain('listening'), { timeout: 10_000 });
  return port;
}

async function collect(list: AsyncIterable<SandboxInfo>): Promise<SandboxInfo[]> {
  const found: SandboxInfo[] = [];
  for await (const info of list) found.push(info);
  return found;
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
