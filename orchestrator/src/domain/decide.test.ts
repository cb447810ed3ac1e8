import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyCommand, historyArbitrary } from '../testing/histories.ts';
import { ANA, SAMPLE_CHANGE, SAMPLE_EVENTS } from '../testing/sample-events.ts';
import {
  decide,
  type Fact,
  type FailureCode,
  fold,
  isRefused,
  QUEUE_LIMIT,
  RETRY_WAITS_MS,
  type RefusalCode,
  type SessionEvent,
  UNOPENED,
} from './index.ts';

const OPENED = SAMPLE_EVENTS['session.opened'];
const REQUESTED = SAMPLE_EVENTS['turn.requested'];
const STARTED = SAMPLE_EVENTS['run.started'];
const FAILED = SAMPLE_EVENTS['run.failed'];
const ASKED = SAMPLE_EVENTS['question.asked'];
const NOW = Date.UTC(2026, 10, 24, 10);

const IDLE = [OPENED] as const;
const QUEUED = [OPENED, REQUESTED] as const;
const RUNNING = [OPENED, REQUESTED, STARTED] as const;
const STOPPING = [...RUNNING, SAMPLE_EVENTS['run.stop_requested']] as const;
const WAITING = [...RUNNING, FAILED] as const;
const FINISHED = [...RUNNING, SAMPLE_EVENTS['run.finished']] as const;
const CLOSED = [OPENED, SAMPLE_EVENTS['session.closed']] as const;
const FOLLOW_UP = { ...REQUESTED, turnId: 'trn_2' } as const;
const PREPARED = SAMPLE_EVENTS['run.prepared'];
const STOPPED = [...RUNNING, PREPARED, SAMPLE_EVENTS['run.stopped']] as const;
const HELD_EVENT: Fact = { type: 'queue.held', turnIds: ['trn_2'] };
const HELD = [...RUNNING, FOLLOW_UP, SAMPLE_EVENTS['run.stop_requested'], HELD_EVENT] as const;
const PUBLISHED = [...FINISHED, SAMPLE_EVENTS['pull_request.opened']] as const;
const FULL: readonly Fact[] = [
  OPENED,
  ...Array.from({ length: QUEUE_LIMIT }, (_, index) => ({ ...REQUESTED, turnId: `trn_${index}` as const })),
];

const given = (...events: readonly SessionEvent[]) =>
  fold(
    events.map((event) => ({ actor: ANA, event })),
    UNOPENED,
  );

const REQUEST: AnyCommand = { type: 'request_turn', turnId: 'trn_new', text: 'go on' };
const PUBLISH: AnyCommand = { type: 'request_pull_request', title: 'Fix it', body: '', draft: true };
const CLOSE: AnyCommand = { type: 'close_session', reason: 'done' };
const START: AnyCommand = { type: 'start_run', runId: 'run_new', model: 'demo/scripted' };
const STOP: AnyCommand = { type: 'stop_run' };
const { runId } = STARTED;

const fail = (code: FailureCode): AnyCommand => ({ type: 'fail_run', runId, code, detail: 'why', now: NOW });
const answer = (questionId: typeof ASKED.questionId): AnyCommand => ({
  type: 'answer_question',
  questionId,
  answers: [['Yes']],
});

describe('a command is refused', () => {
  it.each<[string, readonly Fact[], AnyCommand, RefusalCode]>([
    ['before its session is opened', [], REQUEST, 'no_such_session'],
    ['that opens a session again', IDLE, { ...OPENED, type: 'open_session' }, 'session_exists'],
    ['that requests a turn twice', FINISHED, { ...REQUEST, turnId: REQUESTED.turnId }, 'duplicate_turn'],
    ['that requests more turns than may wait', FULL, REQUEST, 'queue_full'],
    ['that cancels a turn nobody requested', IDLE, { type: 'cancel_turn', turnId: 'trn_x' }, 'no_such_turn'],
    [
      'that cancels the turn that runs',
      RUNNING,
      { type: 'cancel_turn', turnId: REQUESTED.turnId },
      'turn_running',
    ],
    [
      'that cancels a turn between two tries',
      WAITING,
      { type: 'cancel_turn', turnId: REQUESTED.turnId },
      'turn_running',
    ],
    [
      'that amends a turn which the agent was told of',
      [...RUNNING, PREPARED],
      { type: 'amend_turn', turnId: REQUESTED.turnId, text: 'else' },
      'turn_begun',
    ],
    [
      'that amends a turn to what it says already',
      RUNNING,
      { type: 'amend_turn', turnId: REQUESTED.turnId, text: REQUESTED.text },
      'turn_unchanged',
    ],
    [
      'that amends a turn that is over',
      FINISHED,
      { type: 'amend_turn', turnId: REQUESTED.turnId, text: 'else' },
      'no_such_turn',
    ],
    ['that stops when nothing runs', IDLE, STOP, 'nothing_running'],
    ['that stops a turn that is over', FINISHED, { ...STOP, turnId: REQUESTED.turnId }, 'turn_over'],
    [
      'that stops a turn that is over while the next one runs',
      [...FINISHED, FOLLOW_UP, { ...STARTED, runId: 'run_2', turnId: 'trn_2' }],
      { ...STOP, turnId: REQUESTED.turnId },
      'turn_over',
    ],
    ['that stops a turn nobody requested', RUNNING, { ...STOP, turnId: 'trn_x' }, 'no_such_turn'],
    ['that releases when nothing is held', QUEUED, { type: 'release_held' }, 'nothing_held'],
    [
      'that drops what was released',
      [...HELD, { type: 'queue.released', turnIds: ['trn_2'] }],
      { type: 'drop_held' },
      'nothing_held',
    ],
    [
      'that discards what was finished',
      FINISHED,
      { type: 'discard_work', turnId: REQUESTED.turnId },
      'nothing_to_discard',
    ],
    [
      'that discards after something else began',
      [...STOPPED, FOLLOW_UP, { ...STARTED, runId: 'run_2', turnId: 'trn_2' }],
      { type: 'discard_work', turnId: REQUESTED.turnId },
      'already_running',
    ],
    [
      'that discards twice',
      [...STOPPED, SAMPLE_EVENTS['work.discard_requested']],
      { type: 'discard_work', turnId: REQUESTED.turnId },
      'already_discarding',
    ],
    [
      'that asks a question again',
      [...RUNNING, ASKED],
      { type: 'ask_question', question: ASKED },
      'duplicate_question',
    ],
    [
      'that opens a pull request again',
      PUBLISHED,
      { type: 'report_pull_request', report: SAMPLE_EVENTS['pull_request.opened'] },
      'pull_request_known',
    ],
    ['that stops a closed session', CLOSED, STOP, 'nothing_running'],
    ['that stops twice', STOPPING, STOP, 'already_stopping'],
    ['that answers what was not asked', RUNNING, answer('que_x'), 'no_such_question'],
    [
      'that answers twice',
      [...RUNNING, ASKED, SAMPLE_EVENTS['question.answered']],
      answer(ASKED.questionId),
      'no_such_question',
    ],
    ['that answers after the run', [...RUNNING, ASKED, FAILED], answer(ASKED.questionId), 'no_such_question'],
    ['that publishes no change', IDLE, PUBLISH, 'nothing_to_publish'],
    [
      'that publishes twice',
      [...FINISHED, SAMPLE_EVENTS['pull_request.requested']],
      PUBLISH,
      'pull_request_pending',
    ],
    ['that publishes beside an open pull request', PUBLISHED, PUBLISH, 'pull_request_open'],
    ['that closes a closed session', CLOSED, CLOSE, 'session_closed'],
    ['that closes a session in the middle of a run', RUNNING, CLOSE, 'already_running'],
    ['that reopens an open session', IDLE, { type: 'reopen_session' }, 'session_open'],
    ['that starts a run beside another', RUNNING, START, 'already_running'],
    ['that starts a run without a turn', IDLE, START, 'no_such_turn'],
    [
      'that starts a run in a closed session',
      [...QUEUED, SAMPLE_EVENTS['session.closed']],
      START,
      'session_closed',
    ],
    [
      'of a run that was superseded',
      RUNNING,
      { type: 'finish_run', runId: 'run_0', summary: '' },
      'stale_run',
    ],
    ['of a run that is over', FINISHED, { type: 'confirm_stop', runId }, 'stale_run'],
    [
      'that expires a question twice',
      RUNNING,
      { type: 'expire_question', questionId: ASKED.questionId },
      'no_such_question',
    ],
    [
      'that merges a pull request we do not have',
      FINISHED,
      { type: 'report_pull_request', report: SAMPLE_EVENTS['pull_request.merged'] },
      'no_such_pull_request',
    ],
    [
      'that tells of a merge again',
      [...PUBLISHED, SAMPLE_EVENTS['pull_request.merged']],
      { type: 'report_pull_request', report: SAMPLE_EVENTS['pull_request.merged'] },
      'no_such_pull_request',
    ],
  ])('%s', (_what, events, command, refused) => {
    expect(decide(given(...events), command)).toEqual({ refused });
  });
});

describe('a command is taken', () => {
  it.each<[string, readonly Fact[], AnyCommand, readonly Fact[]]>([
    [
      'that writes into a closed thread: the session goes on',
      CLOSED,
      REQUEST,
      [{ type: 'session.reopened' }, { type: 'turn.requested', turnId: 'trn_new', text: 'go on' }],
    ],
    ['that stops between two tries: the turn is over', WAITING, STOP, [{ type: 'run.stopped', runId }]],
    [
      'that stops before anything began: the request is taken back',
      QUEUED,
      STOP,
      [{ type: 'turn.cancelled', turnId: REQUESTED.turnId }],
    ],
    [
      'that closes between two tries: the turn ends first',
      WAITING,
      CLOSE,
      [
        { type: 'run.stopped', runId },
        { type: 'session.closed', reason: 'done' },
      ],
    ],
    [
      'that stops: what waits is held',
      [...RUNNING, FOLLOW_UP],
      STOP,
      [SAMPLE_EVENTS['run.stop_requested'], HELD_EVENT],
    ],
    [
      'that stops between two tries: what waits is held',
      [...WAITING, FOLLOW_UP],
      STOP,
      [{ type: 'run.stopped', runId }, HELD_EVENT],
    ],
    [
      'that stops a turn that waits: it alone is cancelled',
      [...RUNNING, FOLLOW_UP],
      { ...STOP, turnId: 'trn_2' },
      [{ type: 'turn.cancelled', turnId: 'trn_2' }],
    ],
    [
      'that goes on with what was held',
      HELD,
      { type: 'release_held' },
      [{ type: 'queue.released', turnIds: ['trn_2'] }],
    ],
    ['that drops what was held', HELD, { type: 'drop_held' }, [{ type: 'turn.cancelled', turnId: 'trn_2' }]],
    [
      'that requests a turn while others are held',
      [...HELD, SAMPLE_EVENTS['run.stopped']],
      REQUEST,
      [{ type: 'turn.requested', turnId: 'trn_new', text: 'go on' }],
    ],
    [
      'that closes: what waits is cancelled',
      QUEUED,
      CLOSE,
      [
        { type: 'turn.cancelled', turnId: REQUESTED.turnId },
        { type: 'session.closed', reason: 'done' },
      ],
    ],
    [
      'that fails after a stop was asked for: it is stopped',
      STOPPING,
      { type: 'fail_run', runId, code: 'run.lost', detail: '', now: NOW },
      [{ type: 'run.stopped', runId, by: ANA }],
    ],
    [
      'that discards the work of a stopped turn',
      STOPPED,
      { type: 'discard_work', turnId: REQUESTED.turnId },
      [SAMPLE_EVENTS['work.discard_requested']],
    ],
    ...(
      [
        ['in line', QUEUED, REQUESTED.turnId],
        ['held', HELD, 'trn_2'],
        ['of which the agent has not heard yet', RUNNING, REQUESTED.turnId],
      ] as const
    ).map(([what, events, turnId]): [string, readonly Fact[], AnyCommand, readonly Fact[]] => [
      `that puts a turn ${what} in other words`,
      events,
      { type: 'amend_turn', turnId, text: 'else' },
      [{ type: 'turn.amended', turnId, text: 'else' }],
    ]),
    [
      'that cancels a turn because its message was deleted: it says so',
      QUEUED,
      { type: 'cancel_turn', turnId: REQUESTED.turnId, reason: 'message_deleted' },
      [{ type: 'turn.cancelled', turnId: REQUESTED.turnId, reason: 'message_deleted' }],
    ],
    ['that tries a turn again', WAITING, START, [{ ...STARTED, runId: 'run_new', attempt: 2 }]],
  ])('%s', (_what, events, command, expected) => {
    expect(decide(given(...events), command)).toEqual({ events: expected });
  });
});

describe('a run that failed', () => {
  const retryAt = (code: FailureCode, ...events: readonly Fact[]) => {
    const decision = decide(given(...events), fail(code));
    const [event] = isRefused(decision) ? [] : decision.events;
    return event?.type === 'run.failed' ? event.retryAt : undefined;
  };

  it('is tried again after longer and longer waits, then no more', () => {
    for (let attempt = 1; attempt <= RETRY_WAITS_MS.length + 1; attempt += 1) {
      const waitMs = RETRY_WAITS_MS[attempt - 1];
      expect(retryAt('model.unreachable', OPENED, REQUESTED, { ...STARTED, attempt })).toBe(
        waitMs === undefined ? null : new Date(NOW + waitMs).toISOString(),
      );
    }
    const waits = [0, ...RETRY_WAITS_MS];
    expect(waits.slice(1).every((waitMs, index) => waitMs >= 2 * (waits[index] ?? 0))).toBe(true);
  });

  it('is tried again at once when it was lost with our own process', () => {
    expect(retryAt('run.lost', ...RUNNING)).toBe(new Date(NOW).toISOString());
  });

  it('is not tried again when that cannot help', () => {
    expect(retryAt('model.refused', ...RUNNING)).toBeNull();
  });

  it('keeps the change that it had made', () => {
    const state = given(...RUNNING, { ...FAILED, retryAt: null });
    expect(state).toMatchObject({ status: 'idle', change: SAMPLE_CHANGE });
  });
});

/** Commands that must not happen twice: the second one finds that it has happened. */
const ONCE: ReadonlySet<AnyCommand['type']> = new Set([
  'open_session',
  'request_turn',
  'amend_turn',
  'cancel_turn',
  'release_held',
  'drop_held',
  'discard_work',
  'report_discard',
  'answer_question',
  'request_pull_request',
  'close_session',
  'reopen_session',
  'start_run',
  'finish_run',
  'confirm_stop',
  'fail_run',
  'expire_question',
]);

describe('a stopped turn', () => {
  it('is told with the one who stopped it, and its work is not published by itself', () => {
    const change = { ...SAMPLE_CHANGE, headSha: 'half' };
    const decision = decide(given(...STOPPING), {
      type: 'confirm_stop',
      runId,
      summary: 'Half-way.',
      change,
    });
    const stopped = { type: 'run.stopped', runId, by: ANA, summary: 'Half-way.', change } as const;
    expect(decision).toEqual({ events: [stopped] });
    expect(given(...STOPPING, stopped)).toMatchObject({ status: 'idle', change, unpublishable: 'half' });
  });

  it('can be discarded to where its first run began, in the sandbox in which it ended', () => {
    const again = { ...STARTED, runId: 'run_2', attempt: 2 } as const;
    const later = { ...PREPARED, runId: 'run_2', startSha: 'later' } as const;
    const stopped = { type: 'run.stopped', runId: 'run_2' } as const;
    expect(given(...RUNNING, PREPARED, FAILED, again, later, stopped)).toMatchObject({
      discardable: { turnId: REQUESTED.turnId, startSha: PREPARED.startSha },
    });
    expect(
      given(...RUNNING, PREPARED, FAILED, again, { ...later, sandboxId: 'box-2' }, stopped),
    ).toMatchObject({ discardable: { startSha: 'later' } });
  });
});

describe('any history that was decided', () => {
  it('has nothing in it twice that may happen once', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps }) => {
        for (const { command, decision, before, after } of steps) {
          const stopsRun = command.type === 'stop_run' && before.status === 'running';
          if (isRefused(decision) || !(ONCE.has(command.type) || stopsRun)) continue;
          expect(decide(after, command)).toHaveProperty('refused');
        }
      }),
    );
  });
});
