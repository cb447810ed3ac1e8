import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOrigin } from './file-code-host.ts';
import { type Played, play } from './play.ts';
import type { Schedule } from './schedule.ts';

/**
 * Plays schedules, several at a time, in folders of their own; that of one with a finding is kept to look into.
 * None is begun after `budgetMs`.
 */
export async function playAll(
  schedules: readonly Schedule[],
  options: { readonly jobs: number; readonly budgetMs?: number; readonly onPlayed: (played: Played) => void },
): Promise<readonly Played[]> {
  const { jobs, budgetMs = Number.POSITIVE_INFINITY, onPlayed } = options;
  const dir = await mkdtemp(join(tmpdir(), 'deckhand-chaos-'));
  const origin = join(dir, 'origin.git');
  await makeOrigin(origin);
  const until = Date.now() + budgetMs;
  const queue = [...schedules.entries()];
  const played: Played[] = [];
  async function work(): Promise<void> {
    for (let next = queue.shift(); next && Date.now() < until; next = queue.shift()) {
      const [index, schedule] = next;
      const one = await play(schedule, join(dir, `schedule-${index}`), origin);
      played.push(one);
      onPlayed(one);
    }
  }
  await Promise.all(Array.from({ length: jobs }, work));
  if (played.every(({ violations }) => violations.length === 0))
    await rm(dir, { recursive: true, force: true });
  return played;
}

/** One line for a schedule that went well; for another also what was found and how to play it again. */
export function describePlayed({ name, wallMs, restMs, kills, faults, violations, dir }: Played): string {
  const times = `${(wallMs / 1000).toFixed(1)} s (${(restMs / 1000).toFixed(1)} s to rest)`;
  const head = `${violations.length === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(36)} ${times}, ${kills} kills ${faults.join(', ')}`;
  if (violations.length === 0) return head;
  const again = name.startsWith('seed') ? `--seed ${name.slice(5)}` : `--only '${name}'`;
  return [
    head,
    ...violations.map((one) => `     ${one}`),
    `     again: npm run chaos -- ${again}`,
    `     kept: ${dir}`,
  ].join('\n');
}
