import type { Actor, Change, SessionEvent } from '../domain/index.ts';

type Samples = { readonly [Type in SessionEvent['type']]: Extract<SessionEvent, { type: Type }> };

const SHA = '3f2c1d0a9b8e7f6a5d4c3b2a1908f7e6d5c4b3a2';
const runId = 'run_01K0RUN0000000000000000001';
const PULL_REQUEST = { number: 7, url: 'https://git.example/acme/shop/pull/7' };

export const ANA: Actor = { kind: 'member', id: 'U0ANA', name: 'Ana' };
export const BEN: Actor = { kind: 'member', id: 'U0BEN', name: 'Ben' };

export const SAMPLE_CHANGE: Change = {
  headSha: SHA,
  baseSha: SHA.toUpperCase(),
  additions: 12,
  deletions: 3,
  fileCount: 1,
  files: [{ path: 'src/basket.ts', status: 'modified', additions: 12, deletions: 3 }],
  patch: 'art_01K0ART0000000000000000001',
};

/** One event of each type. The type makes sure that none is missing. */
export const SAMPLE_EVENTS: Samples = {
  'session.opened': {
    type: 'session.opened',
    trigger: { kind: 'slack_message', team: 'T0ACME', channel: 'C0SHOP', threadTs: '1764000000.000100' },
    repository: 'acme/shop',
    baseBranch: 'main',
    branch: 'deckhand/basket-total',
    title: 'Fix the basket total',
  },
  'session.closed': { type: 'session.closed', reason: 'done' },
  'session.reopened': { type: 'session.reopened' },
  'turn.requested': {
    type: 'turn.requested',
    turnId: 'trn_01K0TRN0000000000000000001',
    text: 'Fix the basket total',
    message: { channel: 'C0SHOP', ts: '1764000000.000100' },
  },
  'turn.amended': {
    type: 'turn.amended',
    turnId: 'trn_01K0TRN0000000000000000001',
    text: 'fix the other one',
  },
  'turn.cancelled': { type: 'turn.cancelled', turnId: 'trn_01K0TRN0000000000000000001' },
  'queue.held': { type: 'queue.held', turnIds: ['trn_01K0TRN0000000000000000002'] },
  'queue.released': { type: 'queue.released', turnIds: ['trn_01K0TRN0000000000000000002'] },
  'work.discard_requested': { type: 'work.discard_requested', turnId: 'trn_01K0TRN0000000000000000001' },
  'work.discarded': {
    type: 'work.discarded',
    turnId: 'trn_01K0TRN0000000000000000001',
    headSha: SHA,
    change: SAMPLE_CHANGE,
  },
  'work.discard_failed': {
    type: 'work.discard_failed',
    turnId: 'trn_01K0TRN0000000000000000001',
    code: 'sandbox.gone',
    detail: 'no sandbox box-1',
  },
  'run.started': {
    type: 'run.started',
    runId,
    turnId: 'trn_01K0TRN0000000000000000001',
    attempt: 1,
    model: 'demo/scripted',
  },
  'run.prepared': {
    type: 'run.prepared',
    runId,
    sandboxId: 'box-1',
    provider: 'local',
    isolation: 'bubblewrap',
    agentSessionId: 'ses_agent1',
    baseSha: SHA,
    startSha: SHA,
    resumed: false,
  },
  'run.stop_requested': { type: 'run.stop_requested', runId },
  'run.stopped': { type: 'run.stopped', runId, change: SAMPLE_CHANGE },
  'run.finished': { type: 'run.finished', runId, summary: 'The total is right.', change: SAMPLE_CHANGE },
  'run.failed': {
    type: 'run.failed',
    runId,
    code: 'model.unreachable',
    detail: 'ECONNREFUSED',
    retryAt: '2026-11-24T10:00:03.000Z',
    change: SAMPLE_CHANGE,
  },
  'check.finished': {
    type: 'check.finished',
    runId,
    command: 'npm test',
    exitCode: 0,
    durationMs: 1234.5,
    output: '12 passed',
  },
  'artifact.added': {
    type: 'artifact.added',
    artifactId: 'art_01K0ART0000000000000000001',
    runId,
    kind: 'patch',
    name: 'change.patch',
    mime: 'text/x-diff',
    size: 812,
  },
  'question.asked': {
    type: 'question.asked',
    questionId: 'que_01K0QUE0000000000000000001',
    runId,
    questions: [
      { text: 'Round up?', options: [{ label: 'Yes', description: 'as the shop does' }], multiple: false },
    ],
    expiresAt: '2026-11-24T11:00:00.000Z',
  },
  'question.answered': {
    type: 'question.answered',
    questionId: 'que_01K0QUE0000000000000000001',
    answers: [['Yes']],
  },
  'question.expired': { type: 'question.expired', questionId: 'que_01K0QUE0000000000000000001' },
  'approval.requested': {
    type: 'approval.requested',
    approvalId: 'apr_01K0APR0000000000000000001',
    runId,
    action: 'open a connection',
    subject: 'registry.example',
    expiresAt: '2026-11-24T11:00:00.000Z',
  },
  'approval.granted': { type: 'approval.granted', approvalId: 'apr_01K0APR0000000000000000001' },
  'approval.denied': {
    type: 'approval.denied',
    approvalId: 'apr_01K0APR0000000000000000001',
    reason: 'not needed',
  },
  'approval.expired': { type: 'approval.expired', approvalId: 'apr_01K0APR0000000000000000001' },
  'pull_request.requested': {
    type: 'pull_request.requested',
    title: 'Fix the basket total',
    body: 'It was wrong.',
    draft: true,
  },
  'pull_request.opened': {
    type: 'pull_request.opened',
    ...PULL_REQUEST,
    title: 'Fix the basket total',
    headSha: SHA,
    draft: true,
  },
  'pull_request.updated': { type: 'pull_request.updated', ...PULL_REQUEST, headSha: SHA.toUpperCase() },
  'pull_request.failed': {
    type: 'pull_request.failed',
    code: 'code_host.unreachable',
    detail: '502 Bad Gateway',
  },
  'pull_request.merged': { type: 'pull_request.merged', ...PULL_REQUEST, by: 'ana' },
  'pull_request.closed': { type: 'pull_request.closed', ...PULL_REQUEST, by: 'ana' },
  'pull_request.reopened': { type: 'pull_request.reopened', ...PULL_REQUEST },
  'agent.said': { type: 'agent.said', runId, text: 'The rounding is wrong.' },
  'agent.thought': { type: 'agent.thought', runId, text: 'Look at the basket first.' },
  'agent.tool_started': {
    type: 'agent.tool_started',
    runId,
    callId: 'call_1',
    tool: 'bash',
    title: 'npm test',
    input: '{"command":"npm test"}',
  },
  'agent.tool_finished': {
    type: 'agent.tool_finished',
    runId,
    callId: 'call_1',
    tool: 'bash',
    title: 'npm test',
    ok: false,
    output: '1 failed',
    full: 'art_01K0ART0000000000000000002',
    exitCode: 1,
    diff: '@@ -1 +1 @@',
    durationMs: 900,
  },
  'agent.planned': {
    type: 'agent.planned',
    runId,
    todos: [{ text: 'Find the bug', status: 'in_progress' }],
  },
  'agent.stepped': { type: 'agent.stepped', runId, costUsd: 0.0125, inputTokens: 4000, outputTokens: 200 },
  'agent.waited': {
    type: 'agent.waited',
    runId,
    attempt: 1,
    reason: 'overloaded',
    until: '2026-11-24T10:00:03.000Z',
  },
  'run.progressed': { type: 'run.progressed', runId, step: 'clone' },
};
