import { type Actor, type Change, fold, type SessionEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { createFakeDeckhand } from '../../testing/fake-deckhand.ts';
import { changeOf, opening, runStart, sceneIds } from '../../testing/scene.ts';
import { timelineOf } from '../timeline/timeline.ts';
import { isCancellable, offersFor, stoppableTurn } from './offers.ts';
import { viewOf } from './view.ts';

const ids = sceneIds('one');
const BO: Actor = { kind: 'member', id: 'U0BO', name: 'Bo' };
const [turn1, turn2] = [ids.turn(1), ids.turn(2)];

type Moments = Parameters<typeof entriesOf>[0];

const asked = opening(ids, 'Fix it', 'Fix the total');
const followUp = { event: { type: 'turn.requested', turnId: turn2, text: 'And then this' } as const };
const change = changeOf(ids);
const begun = [...asked, ...runStart(ids, 1)];

function stopped(more: { readonly change?: Change } = {}): Moments {
  return [
    ...begun,
    { actor: BO, event: { type: 'run.stop_requested', runId: ids.run(1) } },
    { event: { type: 'run.stopped', runId: ids.run(1), ...more } },
  ];
}

function stateAfter(moments: Moments) {
  const state = fold(entriesOf(moments));
  if (state.status === 'unopened') throw new Error('no session');
  return state;
}

/** What is offered with the last outcome. */
async function offered(moments: Moments) {
  const deckhand = createFakeDeckhand();
  const entries = entriesOf(moments);
  deckhand.append(ids.sessionId, ...entries);
  const session = await deckhand.session(ids.sessionId);
  const view = session && viewOf(session, entries);
  const outcome = timelineOf(entries).findLast((item) => item.kind === 'outcome');
  if (!view || outcome?.kind !== 'outcome') throw new Error('nothing has ended');
  return offersFor(view, outcome);
}

const also = (moments: Moments, ...events: readonly SessionEvent[]): Moments => [
  ...moments,
  ...events.map((event) => ({ event })),
];

describe('Stop', () => {
  it('means the turn that runs, or the one that is about to begin', () => {
    expect(stoppableTurn(stateAfter(begun))).toBe(turn1);
    expect(stoppableTurn(stateAfter(asked))).toBe(turn1);
  });

  it('is not offered while a stop is under way, nor when nothing runs', () => {
    expect(stoppableTurn(stateAfter(stopped().slice(0, -1)))).toBeNull();
    expect(stoppableTurn(stateAfter(stopped()))).toBeNull();
  });
});

describe('Cancel', () => {
  it('is offered for what waits in line, and not for what runs or is about to', () => {
    const running = stateAfter([...begun, followUp]);
    expect([turn1, turn2].map((turnId) => isCancellable(running, turnId))).toEqual([false, true]);
    const starting = stateAfter([...asked, followUp]);
    expect([turn1, turn2].map((turnId) => isCancellable(starting, turnId))).toEqual([false, true]);
  });
});

describe('the outcome of a turn', () => {
  it('that was stopped offers to go on, and to discard what it changed', async () => {
    expect(await offered(stopped({ change }))).toEqual({
      turnId: turn1,
      again: 'resume',
      isDiscardable: true,
    });
    expect(await offered(stopped())).toMatchObject({ again: 'resume', isDiscardable: false });
    const same = { ...change, headSha: '3b18e51c0ffee' };
    expect(await offered(stopped({ change: same }))).toMatchObject({ isDiscardable: false });
  });

  it('offers nothing while its work is being discarded and after that; again when that failed', async () => {
    const wish: SessionEvent = { type: 'work.discard_requested', turnId: turn1 };
    const discarding = also(stopped({ change }), wish);
    const none = { again: null, isDiscardable: false };
    expect(await offered(discarding)).toMatchObject(none);
    const done: SessionEvent = { type: 'work.discarded', turnId: turn1, headSha: 'base' };
    expect(await offered(also(discarding, done))).toMatchObject(none);
    const broke: SessionEvent = {
      type: 'work.discard_failed',
      turnId: turn1,
      code: 'sandbox.gone',
      detail: '',
    };
    expect(await offered(also(discarding, broke))).toMatchObject({ again: 'resume', isDiscardable: true });
  });

  it('can be gone on with once at a time, and discarded only until something else runs', async () => {
    const again: SessionEvent = {
      type: 'turn.requested',
      turnId: turn2,
      text: 'Go on with: Fix the total',
      again: { of: turn1, why: 'resume' },
    };
    const asked = also(stopped({ change }), again);
    expect(await offered(asked)).toMatchObject({ again: null, isDiscardable: false });
    const cancelled: SessionEvent = { type: 'turn.cancelled', turnId: turn2 };
    expect(await offered(also(asked, cancelled))).toMatchObject({ again: 'resume', isDiscardable: true });
    // The same words by hand are another request.
    const typed = { ...followUp.event, text: 'Go on with: Fix the total' };
    expect(await offered(also(stopped({ change }), typed))).toMatchObject({ again: 'resume' });
    const other = [...stopped({ change }), followUp, ...runStart(ids, 2, 2)];
    expect(await offered(other)).toMatchObject({ again: 'resume', isDiscardable: false });
  });

  it('that failed for good offers another try; one that is tried again by itself does not', async () => {
    const failed = (retryAt: string | null): SessionEvent => ({
      type: 'run.failed',
      runId: ids.run(1),
      code: 'model.refused',
      detail: '',
      retryAt,
    });
    expect(await offered(also(begun, failed(null)))).toMatchObject({ again: 'retry' });
    expect(await offered(also(begun, failed('2026-01-01T11:00:00.000Z')))).toBeNull();
  });

  it('that finished, or that another one came after, offers nothing', async () => {
    const finished: SessionEvent = { type: 'run.finished', runId: ids.run(1), summary: '' };
    expect(await offered(also(begun, finished))).toMatchObject({ again: null, isDiscardable: false });
  });
});
