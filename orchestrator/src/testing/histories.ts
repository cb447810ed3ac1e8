import fc from 'fast-check';
import {
  type Actor,
  AGENT,
  type Command,
  type Decision,
  decide,
  type EngineCommand,
  evolve,
  type Fact,
  isRefused,
  type SessionEvent,
  type SessionState,
  SYSTEM,
  UNOPENED,
} from '../domain/index.ts';
import { ANA, BEN, SAMPLE_CHANGE, SAMPLE_EVENTS } from './sample-events.ts';

export type AnyCommand = Command | EngineCommand;

/** A command, what was decided, and the states around it. */
export type Step = {
  readonly command: AnyCommand;
  readonly before: SessionState;
  readonly decision: Decision;
  readonly after: SessionState;
};

export type History = {
  readonly steps: readonly Step[];
  readonly entries: readonly { readonly actor: Actor; readonly event: Fact }[];
};

/** The moment of every history, in milliseconds since the epoch. */
const NOW = Date.UTC(2026, 10, 24, 10);

type Choice = { readonly pick: number; readonly index: number };

const COMMANDS: {
  readonly [Type in AnyCommand['type']]: (state: SessionState, choice: Choice) => AnyCommand;
} = {
  open_session: () => ({ ...SAMPLE_EVENTS['session.opened'], type: 'open_session' }),
  request_turn: (state, { pick, index }) => ({
    type: 'request_turn',
    // Now and then a message is delivered again.
    turnId: pick === 0 ? 'trn_0' : `trn_${index}`,
    text: `request ${index}`,
    ...(pick === 3 && againOf(state, index)),
  }),
  amend_turn: (state, { pick, index }) => ({
    type: 'amend_turn',
    turnId: pick > 2 ? anyTurn(state, pick) : queuedTurn(state, pick),
    text: `amended ${index}`,
  }),
  cancel_turn: (state, { pick }) => ({ type: 'cancel_turn', turnId: queuedTurn(state, pick) }),
  stop_run: (state, { pick }) =>
    pick < 2 ? { type: 'stop_run' } : { type: 'stop_run', turnId: anyTurn(state, pick) },
  release_held: (state, choice) => ({ type: 'release_held', ...meantHeld(state, choice) }),
  drop_held: (state, choice) => ({ type: 'drop_held', ...meantHeld(state, choice) }),
  discard_work: (state, { pick }) => ({
    type: 'discard_work',
    turnId: (pick > 0 && state.status !== 'unopened' && state.discardable?.turnId) || anyTurn(state, pick),
  }),
  answer_question: (state) => ({
    type: 'answer_question',
    questionId: openQuestion(state),
    answers: [['Yes']],
  }),
  request_pull_request: () => ({ type: 'request_pull_request', title: 'Fix it', body: '', draft: true }),
  close_session: () => ({ type: 'close_session', reason: 'done' }),
  reopen_session: () => ({ type: 'reopen_session' }),
  start_run: (_state, { index }) => ({ type: 'start_run', runId: `run_${index}`, model: 'demo/scripted' }),
  prepare_run: (state, choice) => {
    const { type: _type, ...prepared } = SAMPLE_EVENTS['run.prepared'];
    return { type: 'prepare_run', prepared: { ...prepared, runId: someRun(state, choice) } };
  },
  finish_run: (state, choice) => ({
    type: 'finish_run',
    runId: someRun(state, choice),
    summary: 'Done.',
    ...(choice.pick > 1 && { change: SAMPLE_CHANGE }),
  }),
  confirm_stop: (state, choice) => ({
    type: 'confirm_stop',
    runId: someRun(state, choice),
    ...(choice.pick > 1 && { summary: 'I was half-way.', change: SAMPLE_CHANGE }),
  }),
  fail_run: (state, choice) => ({
    type: 'fail_run',
    runId: someRun(state, choice),
    code:
      (['run.lost', 'model.unreachable', 'model.refused', 'sandbox.gone'] as const)[choice.pick] ??
      'run.lost',
    detail: 'ECONNREFUSED',
    now: NOW,
  }),
  report_check: (state, choice) => {
    const { type: _type, ...check } = SAMPLE_EVENTS['check.finished'];
    return { type: 'report_check', check: { ...check, runId: someRun(state, choice) } };
  },
  add_artifact: (state, choice) => {
    const { type: _type, ...artifact } = SAMPLE_EVENTS['artifact.added'];
    return { type: 'add_artifact', artifact: { ...artifact, runId: someRun(state, choice) } };
  },
  ask_question: (state, choice) => {
    const { type: _type, ...question } = SAMPLE_EVENTS['question.asked'];
    const questionId = `que_${choice.index}` as const;
    return { type: 'ask_question', question: { ...question, questionId, runId: someRun(state, choice) } };
  },
  expire_question: (state) => ({ type: 'expire_question', questionId: openQuestion(state) }),
  report_discard: (state, { pick }) => ({
    type: 'report_discard',
    report: {
      ...SAMPLE_EVENTS[pick === 0 ? 'work.discard_failed' : 'work.discarded'],
      turnId: (state.status !== 'unopened' && state.discardable?.turnId) || 'trn_none',
    },
  }),
  report_pull_request: (_state, { pick }) => ({
    type: 'report_pull_request',
    report:
      SAMPLE_EVENTS[
        (
          [
            'pull_request.opened',
            'pull_request.merged',
            'pull_request.closed',
            'pull_request.reopened',
          ] as const
        )[pick] ?? 'pull_request.updated'
      ],
  }),
};

/** Most often it is the turn that may be asked again. */
function againOf(state: SessionState, index: number) {
  const of = state.status === 'unopened' || index % 5 === 0 ? anyTurn(state, 2) : state.lastSettled;
  return of ? { again: { of, why: index % 2 === 0 ? 'resume' : 'retry' } as const } : {};
}

/** All held turns, or the first of them only. */
function meantHeld(state: SessionState, { pick }: Choice) {
  const [first] = state.status === 'unopened' ? [] : state.held;
  return pick === 0 && first ? { turnIds: [first.turnId] } : {};
}

function anyTurn(state: SessionState, pick: number) {
  const turns = state.status === 'unopened' ? [] : state.knownTurns;
  return turns[turns.length - pick] ?? turns[0] ?? 'trn_none';
}

function queuedTurn(state: SessionState, pick: number) {
  const turns = state.status === 'unopened' ? [] : state.queue;
  return turns[pick % Math.max(1, turns.length)]?.turnId ?? 'trn_none';
}

function openQuestion(state: SessionState) {
  return (state.status === 'running' && state.question?.questionId) || 'que_none';
}

function someRun(state: SessionState, { pick, index }: Choice) {
  const stale = index % 7 === 0 && pick === 0;
  return 'runId' in state && !stale ? state.runId : 'run_stale';
}

const ALL_TYPES: readonly AnyCommand['type'][] = Object.keys(COMMANDS).filter(isCommandType);

/**
 * What a history is mostly about. Drawn from all commands alike, hardly any session would get as far as a last retry,
 * a full queue or an answered question.
 */
const FOCUSES: readonly (readonly AnyCommand['type'][])[] = [
  ALL_TYPES,
  ['request_turn'],
  ['request_turn', 'start_run', 'fail_run'],
  ['request_turn', 'start_run', 'finish_run', 'stop_run', 'close_session'],
  ['request_turn', 'request_turn', 'start_run', 'stop_run', 'confirm_stop', 'release_held', 'drop_held'],
  ['request_turn', 'request_turn', 'request_turn', 'start_run', 'fail_run', 'stop_run', 'cancel_turn'],
  ['request_turn', 'start_run', 'prepare_run', 'stop_run', 'confirm_stop', 'discard_work', 'report_discard'],
  ['request_turn', 'start_run', 'ask_question', 'answer_question', 'expire_question', 'fail_run'],
  ['request_turn', 'start_run', 'finish_run', 'request_pull_request', 'report_pull_request'],
];

function isCommandType(type: string): type is AnyCommand['type'] {
  return Object.hasOwn(COMMANDS, type);
}

const actorArbitrary = fc.constantFrom(ANA, BEN, AGENT, SYSTEM);

/** What becomes of a session that several people and the engine send anything to, in any order. */
export const historyArbitrary: fc.Arbitrary<History> = fc
  .constantFrom(...FOCUSES)
  .chain((focus) => fc.array(drawnArbitrary(focus), { maxLength: 80, size: 'max' }))
  .map((drawn) => historyOf([{ type: 'open_session', pick: 0, actor: ANA }, ...drawn]));

type Drawn = { readonly type: AnyCommand['type']; readonly pick: number; readonly actor: Actor };

function drawnArbitrary(focus: readonly AnyCommand['type'][]): fc.Arbitrary<Drawn> {
  return fc.record({
    type: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...focus) },
      { weight: 1, arbitrary: fc.constantFrom(...ALL_TYPES) },
    ),
    pick: fc.nat({ max: 3 }),
    actor: actorArbitrary,
  });
}

function historyOf(drawn: readonly Drawn[]): History {
  const steps: Step[] = [];
  const entries: History['entries'][number][] = [];
  let state = UNOPENED;
  for (const [index, { type, pick, actor }] of drawn.entries()) {
    const before = state;
    const command = COMMANDS[type](before, { pick, index });
    const decision = decide(before, command);
    for (const event of isRefused(decision) ? [] : decision.events) {
      entries.push({ actor, event });
      state = evolve(state, { actor, event });
    }
    steps.push({ command, before, decision, after: state });
  }
  return { steps, entries };
}

const idArbitrary = fc.record({
  runId: fc.constantFrom('run_1', 'run_2'),
  turnId: fc.constantFrom('trn_1', 'trn_2', 'trn_3'),
  questionId: fc.constantFrom('que_1', 'que_2'),
  approvalId: fc.constantFrom('apr_1', 'apr_2'),
  turnIds: fc.subarray(['trn_1', 'trn_2', 'trn_3']),
  attempt: fc.nat({ max: 9 }),
  number: fc.constantFrom(7, 8),
  retryAt: fc.constantFrom(null, '2026-11-24T10:00:03.000Z'),
});

/** Any event, in no order that makes sense: of runs that never began, turns that nobody asked for. */
export const eventArbitrary: fc.Arbitrary<SessionEvent> = fc
  .tuple(fc.constantFrom<SessionEvent>(...Object.values(SAMPLE_EVENTS)), idArbitrary)
  .map(([sample, ids]) => {
    const known = Object.entries(ids).filter(([field]) => Object.hasOwn(sample, field));
    return { ...sample, ...Object.fromEntries(known) };
  });

export const entryArbitrary = fc.record({ actor: actorArbitrary, event: eventArbitrary });
