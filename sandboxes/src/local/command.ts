import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError } from '../errors.ts';
import type { ExecOptions, ExecResult, Service } from '../provider.ts';
import { asProcessEnv } from './environment.ts';
import { killMarked, killQuietly, type Marker } from './marked-processes.ts';
import { createOutputTail } from './output-tail.ts';

export type CommandPlace = { readonly cwd: string; readonly env: Readonly<Record<string, string>> };

const defaultMaxOutput = 200_000;
const recentOutputLength = 20_000;
/** How long we wait for what is still in the pipes once the program has ended; what it left running may hold them open. */
const drainQuietMs = 150;

/** Runs a program to its end. See `Sandbox.exec`. */
export async function runCommand(
  argv: readonly string[],
  place: CommandPlace,
  options: ExecOptions,
): Promise<ExecResult> {
  options.signal?.throwIfAborted();
  const stdout = createOutputTail(options.maxOutput ?? defaultMaxOutput);
  const stderr = createOutputTail(options.maxOutput ?? defaultMaxOutput);
  const command = await startCommand(argv, place, (chunk, stream) => {
    (stream === 'stdout' ? stdout : stderr).push(chunk);
    options.onOutput?.(chunk);
  });
  const cut = cutShort(options);
  try {
    const first = await Promise.race([command.ended, cut.happened]);
    if (typeof first === 'number') {
      return { exitCode: first, stdout: stdout.text(), stderr: stderr.text(), timedOut: false };
    }
    await command.killAll();
    const exitCode = await command.ended;
    if (first === 'aborted') options.signal?.throwIfAborted();
    return { exitCode, stdout: stdout.text(), stderr: stderr.text(), timedOut: true };
  } finally {
    cut.forget();
  }
}

/** Starts a program that stays. See `Sandbox.serve`. */
export async function startService(argv: readonly string[], place: CommandPlace): Promise<Service> {
  const recent = createOutputTail(recentOutputLength);
  const command = await startCommand(argv, place, (chunk) => recent.push(chunk));
  return {
    exited: command.ended,
    recentOutput: recent.text,
    async kill() {
      await command.killAll();
      await command.ended;
    },
  };
}

type Command = { readonly ended: Promise<number>; killAll(): Promise<void> };
type Sink = (chunk: string, stream: 'stdout' | 'stderr') => void;

async function startCommand(argv: readonly string[], place: CommandPlace, sink: Sink): Promise<Command> {
  const [program, ...args] = argv;
  if (!program) throw new SandboxError('sandbox.exec_failed', 'no program was given', { retryable: false });
  const marker: Marker = { name: 'DECKHAND_COMMAND', value: randomUUID() };
  const child = spawn(program, args, {
    cwd: place.cwd,
    env: asProcessEnv({ ...place.env, [marker.name]: marker.value }),
    // A process group of its own, so that one signal reaches all that stayed in it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let lastOutputAt = 0;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      lastOutputAt = performance.now();
      sink(chunk, stream);
    });
  }
  await spawned(child, program, place.cwd);
  return {
    ended: waitForEnd(child, () => lastOutputAt),
    async killAll() {
      // A group's number is free for others to use once its leader is gone: then only the marker tells ours.
      if (child.pid !== undefined && !hasEnded(child)) killQuietly(-child.pid);
      await killMarked(marker);
    },
  };
}

function spawned(child: ChildProcess, program: string, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.on('error', (cause) => {
      const message = `could not start ${program} in ${cwd}: ${cause.message}`;
      reject(new SandboxError('sandbox.exec_failed', message, { retryable: false, cause }));
    });
  });
}

async function waitForEnd(child: ChildProcess, lastOutputAt: () => number): Promise<number> {
  const closed = new Promise<'closed'>((resolve) => child.once('close', () => resolve('closed')));
  const exitCode = await new Promise<number>((resolve) => {
    // 137 is what a shell reports for a program that was killed.
    child.once('exit', (code) => resolve(code ?? 137));
  });
  const exitedAt = performance.now();
  for (let state: unknown = 'open'; state !== 'closed'; ) {
    state = await Promise.race([closed, delay(drainQuietMs)]);
    if (performance.now() - Math.max(exitedAt, lastOutputAt()) >= drainQuietMs) break;
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
  return exitCode;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** What ends a command before its time: its limit, or the caller. */
function cutShort({ timeoutMs, signal }: ExecOptions) {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const happened = new Promise<'timed_out' | 'aborted'>((resolve) => {
    if (timeoutMs !== undefined) timer = setTimeout(() => resolve('timed_out'), timeoutMs);
    onAbort = () => resolve('aborted');
    signal?.addEventListener('abort', onAbort);
  });
  const forget = () => {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  };
  return { happened, forget };
}
