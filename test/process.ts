import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Message } from '../local/src/slack/page-api.ts';
import { ANA, ENGINEERING } from './harness.ts';

const MAIN = fileURLToPath(new URL('../local/src/main.ts', import.meta.url));

/** Deckhand as a process of its own, as an operator has it. */
export type DeckhandProcess = {
  readonly pid: number;
  readonly workspaceUrl: string;
  readonly signInLink: string;
  readonly gitHostUrl: string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C does; resolves with the exit code. */
  interrupt(): Promise<number>;
  /** Sends it signals, one after the other; resolves with the exit code. */
  signal(...signals: readonly NodeJS.Signals[]): Promise<number>;
};

export async function startProcess(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<DeckhandProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/root',
      NODE_ENV: 'production',
      DECKHAND_DATA: dataDir,
      CONSOLE_PORT: '0',
      WORKSPACE_PORT: '0',
      GIT_HOST_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return { ...(await readyOf(child, ended)), ...handles(child, ended) };
}

function handles(child: ChildProcess, ended: Promise<number>) {
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    interrupt: () => {
      child.kill('SIGINT');
      return ended;
    },
    signal: (...signals: readonly NodeJS.Signals[]) => {
      for (const signal of signals) child.kill(signal);
      return ended;
    },
  };
}

/** The addresses that it prints when it is ready. */
export function readAddresses(
  output: string,
): { workspaceUrl: string; signInLink: string; gitHostUrl: string } | null {
  if (!output.includes('Ctrl-C stops it')) return null;
  const after = (label: string) => new RegExp(`${label}\\s+(http\\S+)`).exec(output)?.[1] ?? '';
  return { workspaceUrl: after('Workspace'), signInLink: after('Console'), gitHostUrl: after('Git host') };
}

function readyOf(
  child: ChildProcess,
  ended: Promise<number>,
): Promise<NonNullable<ReturnType<typeof readAddresses>>> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`not ready after 60 s:\n${output}`)), 60_000);
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
      const addresses = readAddresses(output);
      if (!addresses) return;
      clearTimeout(timer);
      resolve(addresses);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    void ended.then((code) => reject(new Error(`ended with ${code}:\n${output}`)));
  });
}

/** What Ana does and sees in #engineering through the page's own API. */
export function anaAt(workspaceUrl: string) {
  const api = (path: string) => new URL(`/local/api/${path}`, workspaceUrl);

  async function say(text: string, threadTs?: string): Promise<string> {
    const response = await fetch(api('messages'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: ANA, channel: ENGINEERING, text, ...(threadTs && { threadTs }) }),
    });
    // The page's own contract: { ts }.
    const { ts } = (await response.json()) as { ts: string };
    return ts;
  }

  async function thread(ts: string): Promise<readonly Message[]> {
    const query = new URLSearchParams({ as: ANA, channel: ENGINEERING, thread_ts: ts, limit: '100' });
    const page = (await (await fetch(api(`messages?${query}`))).json()) as { messages: Message[] };
    return page.messages;
  }

  async function see(ts: string, what: string, fits: (message: Message) => boolean): Promise<Message> {
    return until(`${what} in the thread`, async () => (await thread(ts)).find(fits));
  }

  return { say, thread, see };
}

/** Looks every 100 ms until there is something: for what another process does and cannot signal. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Processes of this machine whose command line or environment names a folder. */
export async function processesNaming(folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const naming = await Promise.all(
    pids.map(async (pid) => ((await procText(pid)).includes(folder) ? [pid] : [])),
  );
  return naming.flat();
}

async function procText(pid: number): Promise<string> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''); // Gone meanwhile.
  return (await read('environ')) + (await read('cmdline'));
}
