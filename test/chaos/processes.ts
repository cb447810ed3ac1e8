import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Notice, noticeSchema, type Settings } from './settings.ts';
import { type Addresses, addressesSchema } from './workspace-client.ts';

/** A program is given up when it is not ready by then, in milliseconds: a start takes about one second here. */
const READY_MS = 60_000;

/** How a process ended: by its own exit code, or by a signal. */
type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

const logLineSchema = z.looseObject({
  level: z.number(),
  msg: z.string().default(''),
  err: z
    .looseObject({
      type: z.string().default(''),
      message: z.string().default(''),
      stack: z.string().default(''),
    })
    .optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

type Child = { readonly child: ChildProcess; readonly ended: Promise<End> };

/** Starts a program of ours. It is handed nothing of our own environment but where programs are. */
export function startProgram(path: string, args: readonly string[]): Child {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    NODE_ENV: 'production' as const,
  };
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  // Writing to a process that has just died is no error of the harness.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<End>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  return { child, ended };
}

export type WorkspaceProcess = {
  readonly pid: number;
  readonly addresses: Addresses;
  close(): Promise<void>;
};

/** How the workspace delivers events: as Slack does, with waits of less than a second, or also forgetting what nobody heard. */
export type Waits = 'slack' | 'short' | 'forgetful';

/** Starts the local workspace over a folder. */
export async function startWorkspaceProcess(
  dataDir: string,
  options: { readonly waits: Waits },
): Promise<WorkspaceProcess> {
  const { child, ended } = startProgram(pathOf('./workspace-process.ts'), [
    '--data',
    dataDir,
    '--waits',
    options.waits,
  ]);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const addresses = await new Promise<Addresses>((resolve, reject) => {
    linesOf(child, (line) => {
      const parsed = addressesSchema.safeParse(line);
      if (parsed.success) resolve(parsed.data);
    });
    void ended.then(() => reject(new Error(`the workspace did not start: ${said}`)));
  });
  return {
    pid: child.pid ?? 0,
    addresses,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** One life of the Deckhand process. */
export type DeckhandLife = {
  readonly pid: number;
  /** Resolves with true when it is ready to work, with false when it ended before. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<End>;
  /** Log lines at level `error` and above, as they come. */
  readonly errors: readonly LogLine[];
  readonly notices: readonly Notice[];
  /** The end of what it wrote to standard error. */
  stderr(): string;
  /** SIGTERM asks it to end in order, SIGUSR2 to make all threads anew. */
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void;
};

let lives = 0;

/** Starts Deckhand over a folder. */
export async function startDeckhandProcess(dir: string, settings: Settings): Promise<DeckhandLife> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, `life-${++lives}.json`);
  await writeFile(file, JSON.stringify(settings));
  const { child, ended } = startProgram(pathOf('./deckhand-process.ts'), [file]);
  // Kept beside the settings of the life, for whoever looks into a finding.
  child.stdout?.pipe(createWriteStream(`${file}.log`));
  const errors: LogLine[] = [];
  const notices: Notice[] = [];
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk.toString()}`.slice(-4_000);
  });
  const ready = new Promise<boolean>((resolve) => {
    const tooLate = setTimeout(() => child.kill('SIGKILL'), READY_MS);
    const settle = (isReady: boolean) => {
      clearTimeout(tooLate);
      resolve(isReady);
    };
    linesOf(child, (line) => {
      const notice = noticeSchema.safeParse(line);
      const logged = logLineSchema.safeParse(line);
      if (notice.success) notices.push(notice.data);
      else if (logged.success && logged.data.level >= 50) errors.push(logged.data);
      if (notice.data?.chaos === 'ready') settle(true);
    });
    void ended.then(() => settle(false));
  });
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    errors,
    notices,
    stderr: () => stderr,
    signal: (signal) => void child.kill(signal),
  };
}

function pathOf(program: string): string {
  return fileURLToPath(new URL(program, import.meta.url));
}

/** Hands on each line of a process's output that is JSON. */
export function linesOf(child: ChildProcess, onLine: (line: unknown) => void): void {
  if (!child.stdout) return;
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      onLine(JSON.parse(line));
    } catch {
      // Half a line: the process was killed while it wrote.
    }
  });
}
