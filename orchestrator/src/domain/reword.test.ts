import { describe, expect, it } from 'vitest';
import { ANA, SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { decide, fold, reword, type SessionEvent } from './index.ts';

const QUOTED = '<thread>\nAna: the cart is wrong\n</thread>\n\n';
const opened: SessionEvent = { ...SAMPLE_EVENTS['session.opened'], repository: 'acme/shop' };
const requested: SessionEvent = { type: 'turn.requested', turnId: 'trn_1', text: `${QUOTED}fix teh cart` };
const cancelled: SessionEvent = { type: 'turn.cancelled', turnId: 'trn_1' };

const reworded = (request: string, ...events: readonly SessionEvent[]) =>
  reword(fold(events.map((event) => ({ actor: ANA, event }))), { turnId: 'trn_1', request });

describe('a request in other words', () => {
  it('stays below the thread that was quoted above it', () => {
    expect(reworded('fix the cart', opened, requested)).toEqual({ text: `${QUOTED}fix the cart` });
  });

  it.each(['repo:shop fix the cart', 'fix the repo:Acme/Shop cart'])(
    'may name the repository of its session, and does not say so to the agent: %s',
    (request) => {
      expect(reworded(request, opened, requested)).toMatchObject({
        text: expect.stringMatching(/\n\nfix the +cart$/),
      });
    },
  );

  it.each(['repo:blog fix the cart', 'fix it repo:other/shop', 'repo:hop fix it'])(
    'may not name another one: %s',
    (request) => {
      expect(reworded(request, opened, requested)).toEqual({ refused: 'other_repository' });
    },
  );

  it('is none when the turn is over or nobody requested it', () => {
    expect(reworded('x', opened, requested, cancelled)).toEqual({ refused: 'no_such_turn' });
    expect(reworded('repo:blog x', opened)).toEqual({ refused: 'no_such_turn' });
    expect(reworded('x')).toEqual({ refused: 'no_such_session' });
  });
});

describe('a request that the agent was told', () => {
  const run = { runId: 'run_1', turnId: 'trn_1' } as const;
  const started: SessionEvent = { ...SAMPLE_EVENTS['run.started'], ...run };
  // As older releases wrote it.
  const prepared: SessionEvent = { ...SAMPLE_EVENTS['run.prepared'], ...run, startSha: undefined };
  const failed: SessionEvent = { ...SAMPLE_EVENTS['run.failed'], ...run };
  const amended = (...events: readonly SessionEvent[]) =>
    decide(fold([opened, requested, started, ...events].map((event) => ({ actor: ANA, event }))), {
      type: 'amend_turn',
      turnId: 'trn_1',
      text: 'else',
    });

  it('stays as it is, also between two tries and in a session of an older release', () => {
    expect([amended(prepared), amended(prepared, failed)]).toEqual([
      { refused: 'turn_begun' },
      { refused: 'turn_begun' },
    ]);
    expect(amended(failed)).toMatchObject({ events: [{ type: 'turn.amended' }] });
  });
});
