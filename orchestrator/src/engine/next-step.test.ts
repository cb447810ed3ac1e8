import { describe, expect, it } from 'vitest';
import { type Actor, type Fact, fold, type SessionEvent, SYSTEM } from '../domain/index.ts';
import { nextStep } from './next-step.ts';

const ana: Actor = { kind: 'member', id: 'U1', name: 'Ana' };
const opened: Fact = {
  type: 'session.opened',
  trigger: { kind: 'console' },
  repository: 'acme/shop',
  baseBranch: 'main',
  branch: 'deckhand/x',
  title: 'Fix it',
};
const requested: Fact = { type: 'turn.requested', turnId: 'trn_1', text: 'fix it' };
const started: Fact = {
  type: 'run.started',
  runId: 'run_1',
  turnId: 'trn_1',
  attempt: 1,
  model: 'demo/scripted',
};
const change = {
  headSha: 'b',
  baseSha: 'a',
  additions: 1,
  deletions: 0,
  fileCount: 1,
  files: [],
  patch: 'art_1' as const,
};
const finished: Fact = { type: 'run.finished', runId: 'run_1', summary: 'done', change };
const pull = { number: 1, url: 'http://x/1' };
const pullOpened: Fact = { type: 'pull_request.opened', ...pull, title: 't', headSha: 'b', draft: false };

const stateAfter = (...events: SessionEvent[]) =>
  fold(events.map((event) => ({ actor: event.type === 'turn.requested' ? ana : SYSTEM, event })));

describe('the next step', () => {
  it('is nothing for a session without work', () => {
    expect(nextStep(stateAfter(opened), 0)).toEqual({ do: 'nothing' });
  });

  it('starts the oldest turn that waits', () => {
    const second: Fact = { ...requested, turnId: 'trn_2' };
    expect(nextStep(stateAfter(opened, requested, second), 0)).toMatchObject({
      do: 'start_run',
      turn: { turnId: 'trn_1' },
    });
  });

  it('follows a run that is going on', () => {
    expect(nextStep(stateAfter(opened, requested, started), 0)).toEqual({ do: 'follow_run', runId: 'run_1' });
  });

  it('waits for the next try, then starts it', () => {
    const retryAt = '2026-11-23T12:00:00.000Z';
    const failed: Fact = {
      type: 'run.failed',
      runId: 'run_1',
      code: 'model.unreachable',
      detail: '',
      retryAt,
    };
    const state = stateAfter(opened, requested, started, failed);
    const at = Date.parse(retryAt);
    expect(nextStep(state, at - 1)).toEqual({ do: 'wait', until: at });
    expect(nextStep(state, at)).toMatchObject({ do: 'start_run', turn: { turnId: 'trn_1' } });
    // The clock was set back by a day meanwhile: nobody waits a day for it.
    expect(nextStep(state, at - 24 * 60 * 60_000)).toMatchObject({ do: 'start_run' });
  });

  it('publishes before it begins the next turn', () => {
    const asked: Fact = { type: 'pull_request.requested', title: 't', body: '', draft: false };
    const state = stateAfter(opened, requested, started, finished, asked, { ...requested, turnId: 'trn_2' });
    expect(nextStep(state, 0)).toEqual({ do: 'publish' });
  });

  it('brings an open pull request up to date when there is newer work', () => {
    const more: Fact = { ...finished, runId: 'run_2', change: { ...change, headSha: 'c' } };
    const again = [
      { ...requested, turnId: 'trn_2' as const },
      { ...started, runId: 'run_2' as const, turnId: 'trn_2' as const },
      more,
    ];
    expect(nextStep(stateAfter(opened, requested, started, finished, pullOpened, ...again), 0)).toEqual({
      do: 'publish',
    });
  });

  it('does not publish by itself again what could not be published', () => {
    const more: Fact = { ...finished, runId: 'run_2', change: { ...change, headSha: 'c' } };
    const again = [
      { ...requested, turnId: 'trn_2' as const },
      { ...started, runId: 'run_2' as const, turnId: 'trn_2' as const },
      more,
    ];
    const failed: Fact = { type: 'pull_request.failed', code: 'code_host.refused', detail: '' };
    expect(
      nextStep(stateAfter(opened, requested, started, finished, pullOpened, ...again, failed), 0),
    ).toEqual({
      do: 'nothing',
    });
  });

  it('leaves a merged pull request alone', () => {
    const merged: Fact = { type: 'pull_request.merged', ...pull, by: 'Bo' };
    const more: Fact = { ...finished, runId: 'run_2', change: { ...change, headSha: 'c' } };
    const again = [
      { ...requested, turnId: 'trn_2' as const },
      { ...started, runId: 'run_2' as const, turnId: 'trn_2' as const },
      more,
    ];
    expect(
      nextStep(stateAfter(opened, requested, started, finished, pullOpened, merged, ...again), 0),
    ).toEqual({
      do: 'nothing',
    });
  });

  it('is nothing for a closed session', () => {
    expect(nextStep(stateAfter(opened, requested, { type: 'session.closed', reason: '' }), 0)).toEqual({
      do: 'nothing',
    });
  });
});
