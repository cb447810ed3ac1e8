import { type Actor, REFUSALS, type SessionEvent } from 'orchestrator/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { createFakeDeckhand, type FakeDeckhand } from '../../testing/fake-deckhand.ts';
import { opening, runStart, sceneIds } from '../../testing/scene.ts';
import { commandFromForm } from './session-command.server.ts';

const ids = sceneIds('one');
const ANA: Actor = { kind: 'member', id: 'U0ANA', name: 'Ana' };
const GUEST: Actor = { kind: 'member', id: 'U0GUEST', name: 'Chidi', guest: true };
const [turnId, followUp] = [ids.turn(1), ids.turn(2)];

let deckhand: FakeDeckhand;
beforeEach(() => {
  deckhand = createFakeDeckhand();
  const begun = [...opening(ids, 'Fix it', 'Fix the total'), ...runStart(ids, 1)];
  deckhand.append(ids.sessionId, ...entriesOf(begun));
});

function press(fields: Readonly<Record<string, string>>, actor = ANA) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return commandFromForm(deckhand, { sessionId: ids.sessionId, form, actor });
}

const append = (...events: readonly SessionEvent[]) =>
  deckhand.append(ids.sessionId, ...events.map((event) => ({ event })));
const happened = (type: SessionEvent['type']) =>
  deckhand.entries(ids.sessionId).filter(({ event }) => event.type === type);
const refused = (code: keyof typeof REFUSALS) => ({ done: false, problem: REFUSALS[code] });
const waiting: SessionEvent = { type: 'turn.requested', turnId: followUp, text: 'And then this' };

describe('a press of Stop', () => {
  it('stops the turn that it names, once', async () => {
    expect(await press({ intent: 'stop', turnId })).toEqual({ done: true });
    expect(await press({ intent: 'stop', turnId })).toEqual(refused('already_stopping'));
    expect(happened('run.stop_requested')).toHaveLength(1);
  });

  it('on a page that lags behind leaves the next turn alone', async () => {
    append(waiting, { type: 'run.finished', runId: ids.run(1), summary: '' });
    append({ type: 'run.started', runId: ids.run(2), turnId: followUp, attempt: 1, model: 'm' });
    expect(await press({ intent: 'stop', turnId })).toEqual(refused('turn_over'));
    expect(happened('run.stop_requested')).toEqual([]);
  });

  it('without a turn is not sent on', async () => {
    expect(await press({ intent: 'stop' })).toMatchObject({ done: false });
    expect(happened('run.stop_requested')).toEqual([]);
  });
});

describe('a press about follow-ups', () => {
  it('cancels one that waits, and says so when it has begun', async () => {
    append(waiting);
    expect(await press({ intent: 'cancel', turnId: followUp })).toEqual({ done: true });
    expect(await press({ intent: 'cancel', turnId: followUp })).toEqual(refused('no_such_turn'));
    expect(await press({ intent: 'cancel', turnId })).toEqual(refused('turn_running'));
  });

  it.each(['release_held', 'drop_held'] as const)('decides about those that it names: %s', async (intent) => {
    append(waiting, { type: 'turn.requested', turnId: ids.turn(3), text: 'and 3' });
    append({ type: 'queue.held', turnIds: [followUp, ids.turn(3)] });
    const turnIds = `${followUp} ${ids.turn(3)}`;
    expect(await press({ intent, turnIds })).toEqual({ done: true });
    expect(await press({ intent, turnIds })).toEqual(refused('nothing_held'));
    const { state } = (await deckhand.session(ids.sessionId)) ?? {};
    expect(state).toMatchObject({ held: [] });
  });

  it('that names none is not sent on', async () => {
    expect(await press({ intent: 'drop_held', turnIds: '' })).toMatchObject({ done: false });
    expect(await press({ intent: 'drop_held', turnIds: 'nonsense' })).toMatchObject({ done: false });
  });
});

describe('a press about a turn that is over', () => {
  it.each([
    ['resume', 'Go on with: Fix the total'],
    ['retry', 'Please try again: Fix the total'],
  ] as const)('asks for it once more, once: %s', async (intent, text) => {
    append({ type: 'run.stopped', runId: ids.run(1) });
    expect(await press({ intent, turnId })).toEqual({ done: true });
    const asked = { type: 'turn.requested', text, again: { of: turnId, why: intent } };
    expect(happened('turn.requested').at(-1)).toMatchObject({ actor: ANA, event: asked });
    expect(await press({ intent, turnId })).toEqual(refused('asked_again'));
  });

  it('asks for it another time when the turn that asked for it was cancelled', async () => {
    append({ type: 'run.stopped', runId: ids.run(1) });
    await press({ intent: 'resume', turnId });
    const [, again] = happened('turn.requested').map(({ event }) => event);
    if (again?.type !== 'turn.requested') return expect.unreachable('nothing was asked for');
    expect(await press({ intent: 'cancel', turnId: again.turnId })).toEqual({ done: true });
    expect(await press({ intent: 'resume', turnId })).toEqual({ done: true });
    expect(happened('turn.requested')).toHaveLength(3);
  });

  it('is refused when other work was done since', async () => {
    append(waiting, { type: 'run.stopped', runId: ids.run(1) });
    append({ type: 'run.started', runId: ids.run(2), turnId: followUp, attempt: 1, model: 'm' });
    append({ type: 'run.finished', runId: ids.run(2), summary: '' });
    expect(await press({ intent: 'resume', turnId })).toEqual(refused('overtaken'));
  });

  it('finds what it asked for in a long log', async () => {
    const said = Array.from(
      { length: 2_500 },
      (_, at): SessionEvent => ({
        type: 'agent.said',
        runId: ids.run(1),
        text: String(at),
      }),
    );
    append(...said, { type: 'run.stopped', runId: ids.run(1) });
    expect(await press({ intent: 'resume', turnId })).toEqual({ done: true });
  });

  it('of another session is refused', async () => {
    expect(await press({ intent: 'resume', turnId: 'trn_other' })).toEqual(refused('no_such_turn'));
  });

  it('discards what it did, unless it is too late', async () => {
    expect(await press({ intent: 'discard', turnId })).toEqual(refused('already_running'));
    append({ type: 'run.finished', runId: ids.run(1), summary: '' });
    expect(await press({ intent: 'discard', turnId })).toEqual(refused('nothing_to_discard'));
  });
});

describe('a guest', () => {
  it.each(['stop', 'cancel', 'discard', 'resume', 'retry'])(
    'may not press %s, and is told so',
    async (intent) => {
      const before = deckhand.entries(ids.sessionId).length;
      expect(await press({ intent, turnId }, GUEST)).toEqual(refused('not_allowed'));
      expect(deckhand.entries(ids.sessionId)).toHaveLength(before);
    },
  );
});
