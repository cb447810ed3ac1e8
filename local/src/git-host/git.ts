import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { devNull } from 'node:os';

export type GitOptions = {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Exit codes beside 0 that are an answer and no failure. */
  readonly answers?: readonly number[];
  /** Output is cut after this many bytes, and the process ended. Default 32 MiB. */
  readonly maxBytes?: number;
};

type GitResult = {
  readonly code: number;
  readonly stdout: Buffer;
  /** True when there was more output than `maxBytes`. */
  readonly isCut: boolean;
};

/** Starts git, always asynchronously: a synchronous git that talks to this very process would never return. */
export interface Git {
  /** Runs `git <args>`. @throws Error with git's own words on an unexpected exit code. */
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
  /** The same, as text without the line end. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
  /** Starts a git program with open pipes; it is ended by `close` if it still runs then. */
  start(program: string, args: readonly string[], options?: Pick<GitOptions, 'env' | 'cwd'>): ChildProcess;
  /** Ends whatever still runs, with all children. Resolves when they are gone. */
  close(): Promise<void>;
}

const defaultMaxBytes = 32 * 1024 * 1024;
const killAfterMs = 2_000;

// Of this process's environment git gets PATH and nothing else: an inherited GIT_DIR or a personal
// configuration would make the host work on another repository, or sign its merges with somebody's key.
const baseEnv = {
  // biome-ignore lint/style/noProcessEnv: see above, there is no other way to find git
  PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  // git does not read it, but Remix makes it part of the type of every environment.
  NODE_ENV: 'production',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_COUNT: '5',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
  GIT_CONFIG_KEY_1: 'core.quotePath',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_CONFIG_KEY_2: 'http.receivepack',
  GIT_CONFIG_VALUE_2: 'true',
  // Pull request refs are written by the host alone.
  GIT_CONFIG_KEY_3: 'receive.hideRefs',
  GIT_CONFIG_VALUE_3: 'refs/pull',
  // A collection in the background would outlive the host that started it.
  GIT_CONFIG_KEY_4: 'gc.autoDetach',
  GIT_CONFIG_VALUE_4: 'false',
} as const;

/** A {@link Git} that remembers what it started. */
export function createGit(): Git {
  const running = new Set<ChildProcess>();
  const start: Git['start'] = (program, args, { env = {}, cwd = '/' } = {}) => {
    // Its own process group, because git-http-backend starts further processes that have to end with it.
    const child = spawn(program, args, { env: { ...baseEnv, ...env }, detached: true, cwd });
    running.add(child);
    child.once('close', () => running.delete(child));
    child.once('error', () => running.delete(child));
    return child;
  };
  const run: Git['run'] = (args, options = {}) => collect(start('git', args, options), args, options);
  return {
    run,
    start,
    async text(args, options) {
      return (await run(args, options)).stdout.toString('utf8').replace(/\n$/, '');
    },
    async close() {
      await Promise.all([...running].map(endGroup));
    },
  };
}

async function collect(
  child: ChildProcess,
  args: readonly string[],
  options: GitOptions,
): Promise<GitResult> {
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const output: Buffer[] = [];
  const complaint: Buffer[] = [];
  let bytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    output.push(chunk);
    if (bytes > maxBytes) signalGroup(child, 'SIGKILL');
  });
  child.stderr?.on('data', (chunk: Buffer) => complaint.push(chunk));
  // A git that needs no more input closes the pipe; its exit code says all that matters.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  const [code] = await once(child, 'close');
  const stdout = Buffer.concat(output);
  if (bytes > maxBytes) return { code: 0, stdout: stdout.subarray(0, maxBytes), isCut: true };
  if (code !== 0 && !options.answers?.includes(code)) {
    throw new Error(
      `git ${args.join(' ')} ended with ${code}: ${Buffer.concat(complaint).toString('utf8').trim()}`,
    );
  }
  return { code, stdout, isCut: false };
}

/** Sends a signal to a process and everything it started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: it ended between the check and the signal, which is what we wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  // The polite signal first: git removes its lock files on it.
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), killAfterMs);
  await closed;
  clearTimeout(timer);
}
