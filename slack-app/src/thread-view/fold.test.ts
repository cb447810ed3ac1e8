import type { Actor, Entry, RunId, SessionEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { foldEntry } from './fold.ts';
import { slots } from './slots.ts';
import { emptyThread, type ThreadState } from './thread-state.ts';

const ANA: Actor = { kind: 'member', id: 'U1', name: 'ana' };
const RUN: RunId = 'run_1';
const AT = '2026-11-23T10:00:00.000Z';
const CONTEXT = {
  now: Date.parse(AT) + 192_000,
  sessionUrl: 'http://127.0.0.1:4000/sessions/ses_1',
  modelLabel: null,
  patches: new Map<string, string>(),
};

function entries(...events: SessionEvent[]): Entry[] {
  return events.map((event, index) => ({ sessionId: 'ses_1', seq: index + 1, at: AT, actor: ANA, event }));
}

function shown(...events: SessionEvent[]): ThreadState {
  return entries(...events).reduce(foldEntry, emptyThread('ses_1'));
}

const OPENED: SessionEvent = {
  type: 'session.opened',
  trigger: { kind: 'slack_message', team: 'T1', channel: 'C1', threadTs: '1.0' },
  repository: 'acme/shop',
  baseBranch: 'main',
  branch: 'deckhand/fix',
  title: 'Fix it',
};
const REQUESTED: SessionEvent = { type: 'turn.requested', turnId: 'trn_1', text: 'Fix it' };
const FOLLOW_UP: SessionEvent = { type: 'turn.requested', turnId: 'trn_2', text: 'And test it' };
const STARTED: SessionEvent = {
  type: 'run.started',
  runId: RUN,
  turnId: 'trn_1',
  attempt: 1,
  model: 'demo/scripted',
};

const keys = (state: ThreadState) => slots(state, CONTEXT).map((slot) => slot.key);
const wordsOf = (state: ThreadState, key: string) =>
  JSON.stringify(slots(state, CONTEXT).find((slot) => slot.key === key)?.content);

describe('the thread of a session', () => {
  it('holds one card for each turn, and one final for each that is over', () => {
    expect(keys(shown(OPENED, REQUESTED, STARTED))).toEqual(['turn/trn_1/card']);
    expect(
      keys(shown(OPENED, REQUESTED, STARTED, { type: 'run.finished', runId: RUN, summary: 'ok' })),
    ).toEqual(['turn/trn_1/card', 'turn/trn_1/final']);
    expect(
      keys(
        shown(OPENED, REQUESTED, STARTED, { type: 'run.stopped', runId: RUN }, FOLLOW_UP, {
          type: 'turn.cancelled',
          turnId: 'trn_2',
        }),
      ),
    ).toEqual(['turn/trn_1/card', 'turn/trn_2/card', 'turn/trn_1/final', 'turn/trn_2/final']);
  });

  it('has its last word for a turn that was held while many others began and ended', () => {
    const others = Array.from({ length: 30 }, (_, index): SessionEvent[] => {
      const [turnId, runId] = [`trn_later${index}`, `run_later${index}`] as const;
      return [
        { type: 'turn.requested', turnId, text: 'And this' },
        { type: 'run.started', runId, turnId, attempt: 1, model: 'demo/scripted' },
        { type: 'run.finished', runId, summary: 'ok' },
      ];
    }).flat();
    const held: SessionEvent[] = [
      OPENED,
      REQUESTED,
      STARTED,
      FOLLOW_UP,
      { type: 'run.stop_requested', runId: RUN },
      { type: 'queue.held', turnIds: ['trn_2'] },
      { type: 'run.stopped', runId: RUN },
      ...others,
    ];
    // One entry a second.
    const inTime = (...events: SessionEvent[]) =>
      entries(...events)
        .map((entry) => ({ ...entry, at: new Date(Date.parse(AT) + entry.seq * 1_000).toISOString() }))
        .reduce(foldEntry, emptyThread('ses_1'));
    expect(keys(inTime(...held))).toContain('turn/trn_2/card');
    const released: SessionEvent[] = [
      ...held,
      { type: 'queue.released', turnIds: ['trn_2'] },
      { type: 'run.started', runId: 'run_2', turnId: 'trn_2', attempt: 1, model: 'demo/scripted' },
      { type: 'run.finished', runId: 'run_2', summary: 'ok' },
    ];
    expect(keys(inTime(...released))).toContain('turn/trn_2/final');
    expect(keys(inTime(...held, { type: 'turn.cancelled', turnId: 'trn_2' }))).toContain('turn/trn_2/final');
  });

  // A message of an older release is found again by its name: those that are in use stay as they are.
  it('asks anew about follow-ups that are held again, and says below the first question what was decided then', () => {
    const other = { turnId: 'trn_3', runId: 'run_3' } as const;
    const state = shown(
      OPENED,
      REQUESTED,
      STARTED,
      FOLLOW_UP,
      { type: 'queue.held', turnIds: ['trn_2'] },
      { type: 'run.stopped', runId: RUN },
      { type: 'turn.requested', turnId: other.turnId, text: 'First this' },
      { type: 'run.started', ...other, attempt: 1, model: 'demo/scripted' },
      { type: 'queue.released', turnIds: ['trn_2'] },
      { type: 'queue.held', turnIds: ['trn_2'] },
      { type: 'run.stopped', runId: other.runId },
    );
    expect(wordsOf(state, 'held/trn_2')).toContain('Going on with 1 follow-up, said @ana');
    expect(wordsOf(state, 'held/trn_2/10')).toContain('Go on with it?');
  });

  it('says who let follow-ups go, also when somebody else lets them go the next time', () => {
    const bo: Actor = { kind: 'member', id: 'U2', name: 'bo' };
    const released: SessionEvent = { type: 'queue.released', turnIds: ['trn_2'] };
    const held: SessionEvent = { type: 'queue.held', turnIds: ['trn_2'] };
    const state = entries(OPENED, REQUESTED, FOLLOW_UP, held, released, held, released)
      .map((entry) => (entry.seq === 7 ? { ...entry, actor: bo } : entry))
      .reduce(foldEntry, emptyThread('ses_1'));
    expect(wordsOf(state, 'held/trn_2')).toContain('Going on with 1 follow-up, said @ana');
    expect(wordsOf(state, 'held/trn_2/6')).toContain('Going on with 1 follow-up, said @bo');
  });

  it('says no last word while a failed turn is tried again, and says why it was', () => {
    const failed: SessionEvent = {
      type: 'run.failed',
      runId: RUN,
      code: 'sandbox.gone',
      detail: '',
      retryAt: '2026-11-23T10:03:22.000Z',
    };
    const waiting = shown(OPENED, REQUESTED, STARTED, failed);
    expect(keys(waiting)).toEqual(['turn/trn_1/card']);
    expect(wordsOf(waiting, 'turn/trn_1/card')).toContain('The sandbox was lost.');
    expect(wordsOf(waiting, 'turn/trn_1/card')).toContain('Trying again in 10s.');
    const again = shown(OPENED, REQUESTED, STARTED, failed, { ...STARTED, runId: 'run_2', attempt: 2 });
    expect(wordsOf(again, 'turn/trn_1/card')).toContain('Try 2. The one before: The sandbox was lost.');
  });

  it('counts steps, cost and time on the card', () => {
    const card = wordsOf(
      shown(
        OPENED,
        REQUESTED,
        STARTED,
        { type: 'agent.stepped', runId: RUN, costUsd: 0.31, inputTokens: 1, outputTokens: 1 },
        { type: 'agent.tool_started', runId: RUN, callId: 'c', tool: 'bash', title: 'npm test', input: '{}' },
      ),
      'turn/trn_1/card',
    );
    expect(card).toContain('Step 1 · running `npm test` · 3m12s · $0.31');
  });

  it('sums up a plan of more than eight tasks around the current one', () => {
    const todos = Array.from({ length: 20 }, (_, index) => ({
      text: `task ${index}`,
      status: index < 9 ? ('completed' as const) : ('pending' as const),
    }));
    const card = wordsOf(
      shown(OPENED, REQUESTED, STARTED, { type: 'agent.planned', runId: RUN, todos }),
      'turn/trn_1/card',
    );
    expect(card).toContain('9 of 20 done');
    expect(card).toContain('8 tasks before');
    expect(card).toContain('task 13');
    expect(card).toContain('6 more tasks after');
  });

  it('offers a pull request on the newest final only, until one is open', () => {
    const change = {
      headSha: 'a',
      baseSha: 'b',
      additions: 1,
      deletions: 0,
      fileCount: 1,
      files: [],
      patch: 'art_1' as const,
    };
    const first = [
      OPENED,
      REQUESTED,
      STARTED,
      { type: 'run.finished' as const, runId: RUN, summary: 'ok', change },
    ];
    expect(wordsOf(shown(...first), 'turn/trn_1/final')).toContain('Create PR');
    const second = [
      ...first,
      FOLLOW_UP,
      { ...STARTED, runId: 'run_2' as const, turnId: 'trn_2' as const },
      { type: 'run.finished' as const, runId: 'run_2' as const, summary: 'ok', change },
    ];
    expect(wordsOf(shown(...second), 'turn/trn_1/final')).not.toContain('Create PR');
    expect(wordsOf(shown(...second), 'turn/trn_2/final')).toContain('Create PR');
    const opened: SessionEvent = {
      type: 'pull_request.opened',
      number: 7,
      url: 'http://127.0.0.1/7',
      title: 'Fix',
      headSha: 'a',
      draft: false,
    };
    expect(wordsOf(shown(...second, opened), 'turn/trn_2/final')).toContain('Open PR #7');
  });

  it('offers to go on with the turn that settled last, though another one was requested later', () => {
    const second: SessionEvent = { ...STARTED, runId: 'run_2', turnId: 'trn_2' };
    const state = shown(
      OPENED,
      REQUESTED,
      FOLLOW_UP,
      { type: 'queue.held', turnIds: ['trn_1'] },
      second,
      { type: 'run.stopped', runId: 'run_2' },
      { type: 'queue.released', turnIds: ['trn_1'] },
      STARTED,
      { type: 'run.stopped', runId: RUN },
    );
    expect(wordsOf(state, 'turn/trn_1/final')).toContain('Resume');
    expect(wordsOf(state, 'turn/trn_2/final')).not.toContain('Resume');
  });

  it('offers nothing on an outcome while a turn that asks for it again is open, and all of it afterwards', () => {
    const again: SessionEvent = {
      type: 'turn.requested',
      turnId: 'trn_2',
      text: 'Go on with: Fix it',
      again: { of: 'trn_1', why: 'resume' },
    };
    const stopped = [OPENED, REQUESTED, STARTED, { type: 'run.stopped' as const, runId: RUN }, again];
    const held: SessionEvent = { type: 'queue.held', turnIds: ['trn_2'] };
    const cancelled: SessionEvent = { type: 'turn.cancelled', turnId: 'trn_2' };
    const final = (...events: SessionEvent[]) =>
      slots(shown(...stopped, ...events), CONTEXT).find((slot) => slot.key === 'turn/trn_1/final');
    expect(JSON.stringify(final()?.content)).not.toContain('Resume');
    expect(JSON.stringify(final(held)?.content)).not.toContain('Resume');
    expect(JSON.stringify(final(held, cancelled)?.content)).toContain('Resume');
    expect(final()?.phase).not.toBe(final(cancelled)?.phase);
  });

  it('is the same when pages of the log overlap, or it was stored and read in between', () => {
    const log = entries(OPENED, REQUESTED, STARTED, { type: 'run.stop_requested', runId: RUN }, FOLLOW_UP);
    const whole = log.reduce(foldEntry, emptyThread('ses_1'));
    const half: ThreadState = JSON.parse(
      JSON.stringify(log.slice(0, 3).reduce(foldEntry, emptyThread('ses_1'))),
    );
    expect(log.slice(1).reduce(foldEntry, half)).toEqual(whole);
  });
});
