import { describe, expect, it } from 'vitest';
import type { Entry } from '../domain/index.ts';
import type { EventLog } from '../ports.ts';
import { createFeed } from '../queue/feed.ts';
import { ANA, SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { until } from '../testing/until.ts';
import { watchRun } from './watch-run.ts';

const stop = SAMPLE_EVENTS['run.stop_requested'];
const at = '2026-11-24T10:00:00.000Z';

/** A run that is watched over a log that holds one more entry with each word. */
function stage({ readFailures = 0 } = {}) {
  const entries: Entry[] = [];
  const feed = createFeed();
  const errors: unknown[] = [];
  let failuresLeft = 0;
  const log: Pick<EventLog, 'read'> = {
    read: async (_sessionId, { afterSeq }) => {
      if (failuresLeft-- > 0) throw new Error('disk I/O error');
      return entries.filter(({ seq }) => seq > afterSeq);
    },
  };
  let stops = 0;
  const endWatch = watchRun(
    { log, feed, onError: (error) => errors.push(error), retryMs: 1 },
    { sessionId: 'ses_A', runId: stop.runId, afterSeq: 0 },
    { onStop: () => (stops += 1), onAnswer: () => undefined },
  );
  const write = (event: Entry['event']) => {
    failuresLeft = readFailures;
    const seq = entries.push({ sessionId: 'ses_A', seq: entries.length + 1, at, actor: ANA, event });
    feed.publish({ kind: 'advanced', sessionId: 'ses_A', seq });
  };
  return { write, stops: () => stops, errors, endWatch };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a run that is watched', () => {
  it('hears of a stop in whatever step of its reading the stop is written', async () => {
    for (let steps = 0; steps < 30; steps += 1) {
      const { write, stops, errors, endWatch } = stage();
      await settled();
      write(SAMPLE_EVENTS['turn.requested']);
      for (let step = 0; step < steps; step += 1) await null;
      write(stop);
      await settled();
      expect(stops(), `after ${steps} steps`).toBe(1);
      endWatch();
      expect(errors).toEqual([]);
    }
  });

  it('hears of a stop also when the log could not be read just then', async () => {
    const { write, stops, errors, endWatch } = stage({ readFailures: 2 });
    await settled();
    write(stop);
    await until(() => stops() === 1, 'the stop');
    expect(errors).toHaveLength(2);
    endWatch();
  });
});
