import fc from 'fast-check';
import { type Actor, type Change, FAILURES, type FailureCode } from 'orchestrator/domain';
import type { PullRequestView, QuestionView, ThreadState, TurnView } from '../thread-view/thread-state.ts';

/** What people and agents write, and what somebody who wants to break the thread would. */
const HOSTILE = [
  '',
  ' ',
  '<!channel> <!here> <@U0ANALIMA0> <#C1|x> <https://evil.test|click>',
  '&lt;!channel&gt; & &amp; < >',
  '```\nopen fence',
  '`` ` ``` ```` *bold _italic ~strike',
  '> quote\n> more',
  'שלום עולם \u202e right to left',
  '👩‍👩‍👧‍👦🏳️‍🌈é́́́',
  '\u0000\u0007\u001b[31m',
  '\ud800 half',
  'a|b>c<d',
  'x'.repeat(20_000),
  '&'.repeat(9_000),
  '😀'.repeat(5_000),
  '\n'.repeat(4_000),
  '"\\'.repeat(6_000),
];

const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .tuple(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 60 }))
    .map((parts) => parts.join('')),
);

const actor: fc.Arbitrary<Actor> = fc.oneof(
  anyText.map((name): Actor => ({ kind: 'member', id: 'U0ANALIMA0', name })),
  fc.constant<Actor>({ kind: 'system' }),
);

const count = fc.nat({ max: 100_000 });
const time = fc.integer({ min: 0, max: 4e12 });
const url = fc.oneof(fc.webUrl(), fc.constant('http://127.0.0.1:4000/sessions/ses_1'), anyText);

const change: fc.Arbitrary<Change> = fc.record({
  headSha: fc.constant('a'.repeat(40)),
  baseSha: fc.constant('b'.repeat(40)),
  additions: fc.nat({ max: 30 }),
  deletions: fc.nat({ max: 30 }),
  fileCount: count,
  files: fc.array(
    fc.record({
      path: anyText,
      status: fc.constantFrom('added', 'modified', 'deleted', 'renamed'),
      additions: count,
      deletions: count,
    }),
    { maxLength: 40 },
  ),
  patch: fc.constant<'art_patch'>('art_patch'),
});

const failureCodes = Object.keys(FAILURES) as FailureCode[];

const turn: fc.Arbitrary<TurnView> = fc.record({
  turnId: fc.constant<'trn_1'>('trn_1'),
  status: fc.constantFrom(
    'queued',
    'held',
    'running',
    'waiting',
    'finished',
    'failed',
    'stopped',
    'cancelled',
  ),
  request: anyText,
  requestedBy: actor,
  again: fc.option(fc.record({ of: fc.constant<'trn_0'>('trn_0'), why: fc.constantFrom('resume', 'retry') })),
  messageTs: fc.constant(null),
  startedAt: fc.option(time),
  settledAt: fc.option(time),
  runId: fc.option(fc.constant<'run_1'>('run_1')),
  attempt: fc.nat({ max: 5 }),
  model: fc.option(anyText),
  step: fc.option(fc.constantFrom('sandbox', 'clone', 'agent', 'work', 'checks', 'save')),
  todos: fc.array(
    fc.record({
      text: anyText,
      status: fc.constantFrom('pending', 'in_progress', 'completed', 'cancelled'),
    }),
    { maxLength: 30 },
  ),
  steps: count,
  doing: fc.option(fc.record({ tool: anyText, title: anyText })),
  costUsd: fc.double({ min: 0, max: 1_000, noNaN: true }),
  setbacks: fc.array(fc.constantFrom(...failureCodes), { maxLength: 10 }),
  failure: fc.option(fc.record({ code: fc.constantFrom(...failureCodes), retryAt: fc.option(time) })),
  stopRequestedBy: fc.option(actor),
  endedBy: fc.option(actor),
  summary: anyText,
  change: fc.option(change),
  checks: fc.array(
    fc.record({ command: anyText, exitCode: fc.nat({ max: 255 }), durationMs: count, output: anyText }),
    { maxLength: 20 },
  ),
  startSha: fc.option(fc.constantFrom('a'.repeat(40), 'c'.repeat(40))),
  discard: fc.option(
    fc.record({
      state: fc.constantFrom('asked', 'done', 'failed'),
      by: actor,
      code: fc.option(fc.constantFrom(...failureCodes)),
    }),
  ),
});

export const question: fc.Arbitrary<QuestionView> = fc.record({
  questionId: fc.constant<'que_1'>('que_1'),
  runId: fc.constant<'run_1'>('run_1'),
  turnId: fc.constant<'trn_1'>('trn_1'),
  askedAt: time,
  expiresAt: time,
  questions: fc.array(
    fc.record({
      text: anyText,
      options: fc.array(fc.record({ label: anyText, description: anyText }), { maxLength: 20 }),
      multiple: fc.boolean(),
    }),
    { minLength: 1, maxLength: 10 },
  ),
  state: fc.constantFrom('open', 'answered', 'expired', 'dropped'),
  answeredBy: fc.option(actor),
  answerTs: fc.constant(null),
  answers: fc.array(fc.array(anyText, { maxLength: 5 }), { maxLength: 10 }),
});

export const pullRequest: fc.Arbitrary<PullRequestView> = fc.record({
  number: fc.integer({ min: 1, max: 100_000 }),
  url,
  title: anyText,
  headSha: anyText,
  draft: fc.boolean(),
  state: fc.constantFrom('open', 'merged', 'closed'),
  by: fc.option(anyText),
  updates: fc.nat({ max: 50 }),
});

/** Any state of a thread, its first turn, and what views need beside it. */
export const thread = fc
  .record({
    turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
    questions: fc.array(question, { maxLength: 2 }),
    pullRequests: fc.array(pullRequest, { maxLength: 2 }),
    names: fc.record({ repository: anyText, branch: anyText, title: anyText }),
    lastSettled: fc.constantFrom(null, 'trn_0', 'trn_1'),
    hold: fc.record({ by: actor, releasedBy: fc.option(actor) }),
    publishing: fc.boolean(),
    publishFailure: fc.option(fc.constantFrom(...failureCodes)),
    context: fc.record({ now: time, sessionUrl: url, modelLabel: fc.option(anyText), patch: anyText }),
  })
  .map(({ names, context, hold, ...parts }) => {
    const turns = parts.turns.map((one, index) => ({ ...one, turnId: `trn_${index}` as const }));
    const state: ThreadState = {
      sessionId: 'ses_1',
      seq: 1,
      thread: null,
      openedAt: 0,
      evidence: [],
      ...names,
      ...parts,
      turns,
      holds: [{ ...hold, key: 'trn_0', turnIds: turns.map(({ turnId }) => turnId) }],
    };
    const { patch, ...rest } = context;
    return { state, context: { ...rest, patches: new Map([['art_patch', patch]]) } };
  });
