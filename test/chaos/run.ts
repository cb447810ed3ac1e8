import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeOrigin } from './file-code-host.ts';
import { type Played, play } from './play.ts';
import { report } from './report.ts';
import { crossedSchedules, type Schedule, scheduleOf } from './schedule.ts';

/**
 * `npm run chaos`: the cross of all fault points, then random schedules, and a table of what was found.
 * `--seed N` plays just that schedule; `--only TEXT` those of the cross whose name holds it.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    only: { type: 'string' },
    schedules: { type: 'string', default: '300' },
    /** The first seed. */
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    'no-cross': { type: 'boolean', default: false },
    'no-report': { type: 'boolean', default: false },
  },
});

function wanted(): readonly Schedule[] {
  if (values.seed !== undefined) return [scheduleOf(Number(values.seed))];
  const { only } = values;
  if (only !== undefined) return crossedSchedules().filter(({ name }) => name.includes(only));
  const from = Number(values.from);
  const random = Array.from({ length: Number(values.schedules) }, (_, index) => scheduleOf(from + index));
  return values['no-cross'] ? random : [...crossedSchedules(), ...random];
}

const dir = await mkdtemp(join(tmpdir(), 'deckhand-chaos-'));
const origin = join(dir, 'origin.git');
await makeOrigin(origin);
const queue = [...wanted().entries()];
const played: Played[] = [];
const startedAt = Date.now();

async function work(): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [index, schedule] = next;
    const result = await play(schedule, join(dir, `schedule-${index}`), origin);
    played.push(result);
    process.stdout.write(`${line(result, dir, index)}\n`);
  }
}

function line(result: Played, folder: string, index: number): string {
  const { name, wallMs, restMs, kills, faults, violations } = result;
  const head = `${violations.length === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(40)} ${(wallMs / 1000).toFixed(1)} s (${(restMs / 1000).toFixed(1)} s to rest), ${kills} kills ${faults.join(', ')}`;
  if (violations.length === 0) return head;
  const again = name.startsWith('seed') ? `--seed ${name.slice(5)}` : `--only '${name}'`;
  return [
    head,
    ...violations.map((one) => `     ${one}`),
    `     again: npm run chaos -- ${again}`,
    `     kept: ${folder}/schedule-${index}`,
  ].join('\n');
}

await Promise.all(Array.from({ length: Number(values.jobs) }, work));
const failed = played.filter(({ violations }) => violations.length > 0);
process.stdout.write(`\n${played.length} schedules, ${failed.length} failed\n`);
if (values.seed === undefined && values.only === undefined && !values['no-report']) {
  const path = fileURLToPath(new URL('./RESULTS.md', import.meta.url));
  await writeFile(path, report(played, { wallMs: Date.now() - startedAt, at: new Date() }));
}
if (failed.length === 0) await rm(dir, { recursive: true, force: true });
process.exit(failed.length === 0 ? 0 : 1);
