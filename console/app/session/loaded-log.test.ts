import type { Entry, LiveEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { createFakeDeckhand } from '../../testing/fake-deckhand.ts';
import { finishing, opening, pullRequest, runStart, sceneIds, working } from '../../testing/scene.ts';
import { type LoadedLog, loadedLog, nextLoadedLog } from './loaded-log.ts';
import { viewOf } from './view.ts';

const ids = sceneIds('one');
const all = entriesOf([
  ...opening(ids, 'Fix it', 'Fix the total'),
  ...runStart(ids, 1),
  ...working(ids),
  ...finishing(ids),
  ...pullRequest(ids),
]);

/** What a page holds that was opened when the log had this many entries. */
async function openedAt(length: number): Promise<LoadedLog> {
  const deckhand = createFakeDeckhand();
  deckhand.append(ids.sessionId, ...all.slice(0, length));
  const session = await deckhand.session(ids.sessionId);
  const view = session && viewOf(session, all.slice(0, length));
  if (!view) throw new Error('no such session');
  return loadedLog(view, all.slice(0, length));
}

const receive = (log: LoadedLog, entries: readonly Entry[], live: readonly LiveEvent[] = []) =>
  nextLoadedLog(log, {
    type: 'received',
    batch: [...entries.map((entry) => ({ entry })), ...live.map((one) => ({ live: one }))],
  });

describe('a loaded log', () => {
  it('ends in the same view whenever the page was opened', async () => {
    const { view: whole } = await openedAt(all.length);
    for (const length of [2, 4, 20, all.length - 1]) {
      const { view } = receive(await openedAt(length), all.slice(length));
      expect(view.state).toEqual(whole.state);
      expect(view.summary).toEqual({ ...whole.summary, costUsd: expect.closeTo(whole.summary.costUsd, 6) });
      expect(view.plan).toEqual(whole.plan);
      expect(view.work).toEqual(whole.work);
      expect(view.runningSince).toBeNull();
    }
  });

  it('takes nothing twice when the stream repeats itself', async () => {
    const log = receive(await openedAt(10), all.slice(5, 15));
    expect(log.entries.map((entry) => entry.seq)).toEqual(all.slice(0, 15).map((entry) => entry.seq));
  });

  it('puts earlier pages in front', async () => {
    const log = { ...(await openedAt(20)), entries: all.slice(10, 20) };
    const earlier = nextLoadedLog(log, { type: 'read_earlier', entries: all.slice(0, 12) });
    expect(earlier.entries).toEqual(all.slice(0, 20));
  });

  it('shows words while they are written, until the entry comes', async () => {
    const runId = ids.run(1);
    const text = (delta: string): LiveEvent => ({ kind: 'text', runId, id: 'p1', delta });
    const writing = receive(await openedAt(8), [], [text('I will '), text('look')]);
    expect(writing.live.texts.get('p1')?.text).toBe('I will look');
    const said = all.findIndex(({ event }) => event.type === 'agent.said');
    expect(receive(writing, all.slice(8, said + 1)).live.texts.size).toBe(0);
  });

  it('starts the output of a command anew when it is told to', async () => {
    const output = (chunk: string, reset: boolean): LiveEvent => ({
      kind: 'output',
      runId: ids.run(1),
      callId: 'bash1',
      chunk,
      reset,
    });
    const log = receive(
      await openedAt(8),
      [],
      [output('one', false), output('two', false), output('three', true)],
    );
    expect(log.live.outputs.get('bash1')).toBe('three');
  });

  it('forgets what was half written when the connection breaks', async () => {
    const live: LiveEvent = { kind: 'text', runId: ids.run(1), id: 'p1', delta: 'half' };
    const lost = nextLoadedLog(receive(await openedAt(8), [], [live]), { type: 'disconnected' });
    expect(lost).toMatchObject({ connection: 'lost', live: { texts: new Map() } });
    const hidden = nextLoadedLog(receive(await openedAt(8), [], [live]), { type: 'paused' });
    expect(hidden).toMatchObject({ connection: 'connecting', live: { texts: new Map() } });
  });
});
