import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describePlayed, playAll } from './campaign.ts';
import { report } from './report.ts';
import { crossedSchedules, gapSchedules, type Schedule, scheduleOf } from './schedule.ts';

/**
 * `npm run chaos`: the cross of all fault points, then random schedules, and a table of what was found.
 * `--seed N` plays just that schedule; `--only TEXT` those of the written ones whose name holds it.
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
  const written = [...gapSchedules(), ...crossedSchedules()];
  if (only !== undefined) return written.filter(({ name }) => name.includes(only));
  const from = Number(values.from);
  const random = Array.from({ length: Number(values.schedules) }, (_, index) => scheduleOf(from + index));
  return values['no-cross'] ? random : [...written, ...random];
}

const startedAt = Date.now();
const played = await playAll(wanted(), {
  jobs: Number(values.jobs),
  onPlayed: (one) => process.stdout.write(`${describePlayed(one)}\n`),
});
const failed = played.filter(({ violations }) => violations.length > 0);
process.stdout.write(`\n${played.length} schedules, ${failed.length} failed\n`);
if (values.seed === undefined && values.only === undefined && !values['no-report']) {
  const path = fileURLToPath(new URL('./RESULTS.md', import.meta.url));
  await writeFile(path, report(played, { wallMs: Date.now() - startedAt, at: new Date() }));
}
process.exitCode = failed.length === 0 ? 0 : 1;
