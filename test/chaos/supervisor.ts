import { setTimeout as sleep } from 'node:timers/promises';
import { type DeckhandLife, type LogLine, startDeckhandProcess } from './processes.ts';
import { type ArmedFault, type Settings, TRY_AGAIN } from './settings.ts';

/** Between the death of a process and the next start, in milliseconds: no operator is quicker. */
const RESTART_MS = 50;
/** While Slack does not answer at all. */
const RETRY_MS = 200;
/** An orderly end takes longer only when something hangs. */
const END_MS = 15_000;
const DEATHS_MAX = 3;

/** Keeps Deckhand running, as an operator's service manager would, and counts its deaths. */
export type Supervisor = {
  /** Kills the life that runs now, as a power cut would. */
  kill(): void;
  /** Stops the life that runs now for some milliseconds; resolves when it goes on. */
  freeze(ms: number): Promise<void>;
  /** Has the life that runs now make all threads anew, if it is ready. */
  rebuild(): void;
  /** Ends it in order; false when it had to be killed. */
  stop(): Promise<boolean>;
  /** Resolves when the life that runs now, or the next one that gets so far, is ready. */
  ready(): Promise<void>;
  readonly kills: () => number;
  readonly lives: () => readonly DeckhandLife[];
  readonly deaths: readonly string[];
  readonly errors: () => readonly LogLine[];
};

/** Starts the first life; `armed` says what each life has in store. */
export function supervise(
  dir: string,
  settings: Omit<Settings, 'faults'>,
  armed: readonly (readonly ArmedFault[])[],
): Supervisor {
  const lives: DeckhandLife[] = [];
  const deaths: string[] = [];
  let kills = 0;
  let isStopping = false;
  let hasEndedInOrder = true;

  /** Lives one life; answers with the wait before the next, in milliseconds. */
  async function live(): Promise<number> {
    const life = await startDeckhandProcess(dir, { ...settings, faults: [...(armed[lives.length] ?? [])] });
    lives.push(life);
    if (isStopping) life.signal('SIGKILL');
    const end = await life.ended;
    if (isStopping) return 0;
    if (end.code === TRY_AGAIN) return RETRY_MS;
    if (end.signal === 'SIGKILL') kills += 1;
    else deaths.push(`${end.signal ?? end.code} ${life.stderr()}`);
    return RESTART_MS;
  }

  async function keepRunning(): Promise<void> {
    // A process that cannot live is not started again and again.
    while (!isStopping && deaths.length <= DEATHS_MAX) await sleep(await live());
  }
  const running = keepRunning();

  return {
    kill: () => lives.at(-1)?.signal('SIGKILL'),
    freeze: async (ms) => {
      const life = lives.at(-1);
      life?.signal('SIGSTOP');
      await sleep(ms);
      life?.signal('SIGCONT');
    },
    rebuild: () => {
      const life = lives.at(-1);
      // A process that is not ready yet would end of the signal.
      if (life?.notices.some(({ chaos }) => chaos === 'ready')) life.signal('SIGUSR2');
    },
    stop: async () => {
      isStopping = true;
      const life = lives.at(-1);
      life?.signal('SIGTERM');
      const timer = setTimeout(() => {
        hasEndedInOrder = false;
        life?.signal('SIGKILL');
      }, END_MS);
      await running;
      clearTimeout(timer);
      return hasEndedInOrder;
    },
    ready: async () => {
      while (deaths.length <= DEATHS_MAX) {
        const life = lives.at(-1);
        if (life && (await life.ready)) return;
        await sleep(RESTART_MS);
      }
    },
    kills: () => kills,
    lives: () => lives,
    deaths,
    errors: () => lives.flatMap((life) => life.errors),
  };
}
