import type { SessionEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { createFakeDeckhand } from '../../testing/fake-deckhand.ts';
import { opening, runStart, sceneIds } from '../../testing/scene.ts';
import { advance, viewOf } from './view.ts';

const ids = sceneIds('one');
const planned: SessionEvent = {
  type: 'agent.planned',
  runId: ids.run(1),
  todos: [{ text: 'Fix it', status: 'in_progress' }],
};
const begun = [...opening(ids, 'Fix it', 'Fix the total'), ...runStart(ids, 1), { event: planned }];

/** The plan after these events: as the server finds it in the log, and as a page that follows it does. */
async function plansAfter(...events: readonly SessionEvent[]) {
  const entries = entriesOf([...begun, ...events.map((event) => ({ event }))], ids.sessionId);
  const known = async (count: number) => {
    const deckhand = createFakeDeckhand();
    deckhand.append(ids.sessionId, ...entries.slice(0, count));
    const session = await deckhand.session(ids.sessionId);
    const view = session && viewOf(session, entries.slice(0, count));
    if (!view) throw new Error('the session is not open');
    return view;
  };
  const read = await known(entries.length);
  const followed = entries.reduce(advance, await known(2));
  return [read.plan, followed.plan];
}

describe('the plan that a page shows', () => {
  const failed: SessionEvent = {
    type: 'run.failed',
    runId: ids.run(1),
    code: 'sandbox.gone',
    detail: '',
    retryAt: '2026-01-01T10:01:00.000Z',
  };
  const started = (turn: number, attempt: number): SessionEvent => ({
    type: 'run.started',
    runId: ids.run(2),
    turnId: ids.turn(turn),
    attempt,
    model: 'demo/scripted',
  });
  const requested: SessionEvent = { type: 'turn.requested', turnId: ids.turn(2), text: 'And this' };

  it('stays while its turn is tried again', async () => {
    const plan = [{ text: 'Fix it', status: 'in_progress' }];
    expect(await plansAfter(failed, started(1, 2))).toEqual([plan, plan]);
  });

  it('is gone when another turn begins, and when its work is discarded', async () => {
    const finished: SessionEvent = { type: 'run.finished', runId: ids.run(1), summary: '' };
    expect(await plansAfter(finished, requested, started(2, 1))).toEqual([null, null]);
    const stopped: SessionEvent = { type: 'run.stopped', runId: ids.run(1) };
    const discarded: SessionEvent = { type: 'work.discarded', turnId: ids.turn(1), headSha: 'base' };
    expect(await plansAfter(stopped, discarded)).toEqual([null, null]);
  });
});
