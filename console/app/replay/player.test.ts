import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { finishing, opening, runStart, sceneIds, working } from '../../testing/scene.ts';
import { createPlayer, LONGEST_PAUSE_MS } from './player.ts';

const ids = sceneIds('one');
const entries = entriesOf([
  ...opening(ids, 'Fix it', 'Fix the total'),
  ...runStart(ids, 1),
  ...working(ids),
  ...finishing(ids),
]);
const player = createPlayer(entries);
const at = (type: string, nth = 0) =>
  entries.flatMap((entry, index) => (entry.event.type === type ? [index] : []))[nth] ?? -1;

describe('the player', () => {
  it('shows an empty screen before the first entry', () => {
    expect(player.momentAt(-1)).toMatchObject({ turn: null, plan: [], files: [], terminal: [], said: null });
  });

  it('shows the plan as it was then', () => {
    expect(player.momentAt(at('agent.planned', 0)).plan.map((todo) => todo.status)).toEqual([
      'in_progress',
      'pending',
      'pending',
      'pending',
    ]);
    expect(player.momentAt(entries.length - 1).plan.every((todo) => todo.status === 'completed')).toBe(true);
  });

  it('shows no plan of another turn', () => {
    const next = [
      { event: { type: 'turn.requested', turnId: ids.turn(2), text: 'And this' } as const },
      ...runStart(ids, 2, 2).map((moment) =>
        moment.event.type === 'run.started' ? { ...moment, event: { ...moment.event, attempt: 1 } } : moment,
      ),
    ];
    const whole = [...opening(ids, 'Fix it', 'Fix the total'), ...runStart(ids, 1), ...working(ids)];
    const two = createPlayer(entriesOf([...whole, ...finishing(ids), ...next]));
    expect(two.momentAt(two.length - next.length).plan).not.toEqual([]);
    expect(two.momentAt(two.length - 1).plan).toEqual([]);
  });

  it('shows a command without its output while it ran, and with it afterwards', () => {
    const bash = entries.findIndex(
      ({ event }) => event.type === 'agent.tool_started' && event.tool === 'bash',
    );
    expect(player.momentAt(bash).terminal.at(-1)).toMatchObject({ command: 'npm test', output: null });
    expect(player.momentAt(bash + 1).terminal.at(-1)).toMatchObject({ command: 'npm test', exitCode: 1 });
  });

  it('lists the files that had been changed so far', () => {
    expect(player.momentAt(at('agent.planned', 1)).files).toEqual([]);
    expect(player.momentAt(entries.length - 1).files.map((file) => file.path)).toEqual([
      'src/cart/total.ts',
      'src/cart/total.test.ts',
    ]);
  });

  it('says who had asked for what, and what the agent had said last', () => {
    expect(player.momentAt(at('agent.said', 1))).toMatchObject({
      turn: { text: 'Fix the total', by: 'Ana Ruiz' },
      said: expect.stringContaining('Reproduced'),
    });
  });

  it('shows a request that waits in the words that it was put in last', () => {
    const request = { type: 'turn.amended', turnId: ids.turn(1), text: 'Fix the sum' } as const;
    const edited = createPlayer(entriesOf([...opening(ids, 'Fix it', 'Fix the totl'), { event: request }]));
    expect(edited.momentAt(edited.length - 2).turn?.text).toBe('Fix the totl');
    expect(edited.momentAt(edited.length - 1).turn?.text).toBe('Fix the sum');
  });

  it('cuts long pauses short', () => {
    const paused = createPlayer(
      entriesOf([
        { ...opening(ids, 'a', 'b')[0], event: { type: 'session.reopened' } },
        { afterMs: 3_600_000, event: { type: 'session.reopened' } },
      ]),
    );
    expect(paused.durationMs).toBe(LONGEST_PAUSE_MS);
  });

  it('marks turns, failures and ends', () => {
    expect(player.marks).toMatchObject([
      { kind: 'turn', label: 'Fix the total' },
      { kind: 'outcome', label: 'Finished' },
    ]);
  });

  it('shows the same moment whichever way it is reached', () => {
    const long = entriesOf(Array.from({ length: 30 }, () => working(ids)).flat());
    const everyMoment = createPlayer(long);
    fc.assert(
      fc.property(fc.array(fc.nat(long.length - 1), { minLength: 1, maxLength: 8 }), (jumps) => {
        const jumped = createPlayer(long);
        for (const index of jumps) expect(jumped.momentAt(index)).toEqual(everyMoment.momentAt(index));
      }),
      { numRuns: 20 },
    );
    expect(everyMoment.momentAt(399).costUsd).toBeGreaterThan(everyMoment.momentAt(200).costUsd);
  });

  it('finds a moment by its time and by its seq', () => {
    for (const index of [0, 7, entries.length - 1]) {
      expect(player.timeOf(player.indexAt(player.timeOf(index)))).toBe(player.timeOf(index));
      expect(player.indexOf(entries[index]?.seq ?? 0)).toBe(index);
    }
  });

  it('jumps within a hundred thousand entries in no time that a person would notice', () => {
    const entry = entries.find(({ event }) => event.type === 'agent.stepped');
    if (!entry) throw new Error('the scene has no such entry');
    const huge = createPlayer(Array.from({ length: 100_000 }, (_, index) => ({ ...entry, seq: index + 1 })));
    huge.momentAt(99_999);
    const jumps = [54_321, 12_345, 98_765, 33_333, 76_543].map((index) => {
      const before = performance.now();
      huge.momentAt(index);
      return performance.now() - before;
    });
    // The quickest of several: any single one may be held up by what else the machine does.
    expect(Math.min(...jumps)).toBeLessThan(50);
  });
});
