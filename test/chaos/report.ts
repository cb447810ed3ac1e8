import { seconds, spread } from '../bench/figures.ts';
import { POINTS } from './fault-points.ts';
import type { Played } from './play.ts';

/** The results of a run as a page of Markdown. */
export function report(
  played: readonly Played[],
  run: { readonly wallMs: number; readonly at: Date },
): string {
  const failed = played.filter(({ violations }) => violations.length > 0);
  const crossed = played.filter(({ name }) => !name.startsWith('seed'));
  const rests = played.map(({ restMs }) => restMs);
  const sum = (pick: (one: Played) => number) => played.reduce((total, one) => total + pick(one), 0);
  const rows: readonly (readonly [string, string])[] = [
    ['date', run.at.toISOString().slice(0, 10)],
    [
      'schedules',
      `${played.length}: ${crossed.length} of the cross, ${played.length - crossed.length} random`,
    ],
    ['kill -9', String(sum(({ kills }) => kills))],
    ['armed fault points that fired', String(sum(({ faults }) => faults.length))],
    ['faults and outages of Slack', String(sum(({ slackFaults }) => slackFaults))],
    ['requests of people', String(sum(({ requests }) => requests))],
    ['time to rest after the last act, p50 / p95 / max', spread(rests, seconds)],
    ['wall time', `${(run.wallMs / 60_000).toFixed(1)} min`],
    ['schedules with a finding', String(failed.length)],
  ];
  return `${[
    '# What the fault harness found',
    '',
    'Written by `npm run chaos`; `npm run chaos -- --seed N` plays one schedule again.',
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    '## Fault points',
    '',
    'How often the process was killed at a point, or right behind it.',
    '',
    '| point | kills |',
    '|---|---|',
    ...POINTS.map((point) => `| \`${point}\` | ${killsAt(played, point)} |`),
    '',
    '## Findings',
    '',
    ...(failed.length === 0
      ? ['None.']
      : failed.flatMap(({ name, violations }) => [
          `- ${name}`,
          ...violations.map((one) => `  - ${firstLine(one)}`),
        ])),
  ].join('\n')}\n`;
}

function killsAt(played: readonly Played[], point: string): number {
  const fired = played.flatMap(({ faults }) => faults);
  return fired.filter((fault) => fault.startsWith('kill') && fault.split(' ')[1] === point).length;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
