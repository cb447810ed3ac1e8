import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyArbitrary, type Step } from '../testing/histories.ts';
import { ANA, SAMPLE_EVENTS } from '../testing/sample-events.ts';
import {
  decide,
  type Fact,
  fold,
  isRefused,
  type RefusalCode,
  type SessionState,
  SYSTEM,
  type TurnId,
} from './index.ts';

const OPENED = SAMPLE_EVENTS['session.opened'];
const REQUESTED = SAMPLE_EVENTS['turn.requested'];
const STARTED = SAMPLE_EVENTS['run.started'];
const FAILED = SAMPLE_EVENTS['run.failed'];

const RUNNING = [OPENED, REQUESTED, STARTED] as const;
const STOPPED = [...RUNNING, SAMPLE_EVENTS['run.stopped']] as const;
const FOLLOW_UP = { ...REQUESTED, turnId: 'trn_2' } as const;
const STARTED_2 = { ...STARTED, runId: 'run_2', turnId: 'trn_2' } as const;
const CANCELLED_2 = { type: 'turn.cancelled', turnId: 'trn_2' } as const;
const HELD_2: Fact = { type: 'queue.held', turnIds: ['trn_2'] };

const AGAIN = { of: REQUESTED.turnId, why: 'resume' } as const;
const ASKED_AGAIN = { ...FOLLOW_UP, again: AGAIN } as const;

const after = (events: readonly Fact[]) => fold(events.map((event) => ({ actor: ANA, event })));

function ask(events: readonly Fact[], again: Partial<typeof AGAIN | { of: TurnId }> = {}) {
  return decide(after(events), {
    type: 'request_turn',
    turnId: 'trn_new',
    text: 'go on',
    again: { ...AGAIN, ...again },
  });
}

describe('a turn is not asked again', () => {
  it.each<[string, readonly Fact[], RefusalCode]>([
    ['that nobody requested', [OPENED], 'no_such_turn'],
    ['that waits in line', [OPENED, REQUESTED], 'turn_open'],
    ['that runs', RUNNING, 'turn_open'],
    ['that waits for its next try', [...RUNNING, FAILED], 'turn_open'],
    ['that is held', [OPENED, REQUESTED, { ...HELD_2, turnIds: [REQUESTED.turnId] }], 'turn_open'],
    [
      'upon which other work was done',
      [...STOPPED, FOLLOW_UP, STARTED_2, { ...SAMPLE_EVENTS['run.finished'], runId: 'run_2' }],
      'overtaken',
    ],
    ['that was cancelled', [OPENED, REQUESTED, { ...CANCELLED_2, turnId: REQUESTED.turnId }], 'overtaken'],
    ['that is in line again', [...STOPPED, ASKED_AGAIN], 'asked_again'],
    ['that is held again', [...STOPPED, ASKED_AGAIN, HELD_2], 'asked_again'],
    ['that runs again', [...STOPPED, ASKED_AGAIN, STARTED_2], 'asked_again'],
    [
      'whose second asking is to be tried again',
      [...STOPPED, ASKED_AGAIN, STARTED_2, { ...FAILED, runId: 'run_2' }],
      'asked_again',
    ],
  ])('%s', (_what, events, refused) => {
    expect(ask(events)).toEqual({ refused });
  });
});

describe('the work of a turn', () => {
  const discard = (...events: readonly Fact[]) =>
    decide(after([...RUNNING, SAMPLE_EVENTS['run.prepared'], SAMPLE_EVENTS['run.stopped'], ...events]), {
      type: 'discard_work',
      turnId: REQUESTED.turnId,
    });

  it('is not discarded under the feet of one that waits to go on from it', () => {
    expect(discard(ASKED_AGAIN)).toEqual({ refused: 'asked_again' });
    expect(discard(ASKED_AGAIN, HELD_2)).toEqual({ refused: 'asked_again' });
    expect(discard(ASKED_AGAIN, CANCELLED_2)).toHaveProperty('events');
  });
});

describe('a turn is asked again', () => {
  it.each<[string, readonly Fact[]]>([
    ['that was stopped', STOPPED],
    ['that has failed', [...RUNNING, { ...FAILED, retryAt: null }]],
    ['that settled last, while another one runs', [...STOPPED, FOLLOW_UP, STARTED_2]],
    ['after another one was cancelled', [...STOPPED, FOLLOW_UP, CANCELLED_2]],
    ['after the one that asked for it was cancelled', [...STOPPED, ASKED_AGAIN, CANCELLED_2]],
    ['after the one that asked for it was held and dropped', [...STOPPED, ASKED_AGAIN, HELD_2, CANCELLED_2]],
  ])('%s', (_what, events) => {
    const requested = { type: 'turn.requested', turnId: 'trn_new', text: 'go on', again: AGAIN };
    expect(ask(events)).toEqual({ events: [requested] });
  });

  it('though its session was closed', () => {
    expect(ask([...STOPPED, SAMPLE_EVENTS['session.closed']])).toMatchObject({
      events: [{ type: 'session.reopened' }, { type: 'turn.requested', again: AGAIN }],
    });
  });

  it('in the order in which turns settled, which need not be that of their requests', () => {
    const firstHeld: Fact = { type: 'queue.held', turnIds: [REQUESTED.turnId] };
    const secondStopped: Fact = { ...SAMPLE_EVENTS['run.stopped'], runId: 'run_2' };
    const secondDone: readonly Fact[] = [OPENED, REQUESTED, FOLLOW_UP, firstHeld, STARTED_2, secondStopped];
    const firstDone: readonly Fact[] = [
      ...secondDone,
      { type: 'queue.released', turnIds: [REQUESTED.turnId] },
      STARTED,
      SAMPLE_EVENTS['run.stopped'],
    ];
    expect(ask(secondDone, { of: 'trn_2' })).toHaveProperty('events');
    expect(ask(firstDone, { of: 'trn_2' })).toEqual({ refused: 'overtaken' });
    expect(ask(firstDone)).toHaveProperty('events');
  });
});

/** The turn whose work ended last, by the entries. */
function lastWorked(events: readonly Fact[]): TurnId | null {
  const end = events.findLast(
    (event) =>
      event.type === 'run.finished' ||
      event.type === 'run.stopped' ||
      (event.type === 'run.failed' && event.retryAt === null),
  );
  const start = events.find(
    (event) => event.type === 'run.started' && end && 'runId' in end && end.runId === event.runId,
  );
  return start?.type === 'run.started' ? start.turnId : null;
}

/** What the turns that are not over ask for once more. */
function openAgain(state: SessionState): readonly TurnId[] {
  if (state.status === 'unopened') return [];
  const current = 'turn' in state ? [state.turn] : [];
  return [...current, ...state.queue, ...state.held].flatMap(({ again }) => again?.of ?? []);
}

const takenAgain = ({ command, decision }: Step) =>
  command.type === 'request_turn' && command.again && !isRefused(decision) ? command.again : null;

describe('any history that was decided', () => {
  it('asks a turn again only when it settled last, and once at a time', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps }) => {
        const events: Fact[] = [];
        for (const step of steps) {
          const last = lastWorked(events);
          expect(takenAgain(step)?.of ?? last).toBe(last);
          if (!isRefused(step.decision)) events.push(...step.decision.events);
          const asked = openAgain(step.after);
          expect(new Set(asked).size).toBe(asked.length);
        }
      }),
    );
  });

  it('may ask again once the turn that did was cancelled, and not before', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps }) => {
        for (const step of steps) {
          const { command, after: state } = step;
          if (!takenAgain(step) || command.type !== 'request_turn') continue;
          const next = { ...command, turnId: 'trn_next' } as const;
          expect(decide(state, next)).toEqual({ refused: 'asked_again' });
          const cancelled: Fact = { type: 'turn.cancelled', turnId: command.turnId };
          expect(decide(fold([{ actor: SYSTEM, event: cancelled }], state), next)).toHaveProperty('events');
        }
      }),
    );
  });
});
