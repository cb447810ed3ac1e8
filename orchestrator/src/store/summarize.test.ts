import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../domain/index.ts';
import { historyArbitrary } from '../testing/histories.ts';
import { SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { entriesOf } from '../testing/session-list-contract.ts';
import { summarizeAll } from './summarize.ts';

const BASE = { sessionId: 'ses_A', at: '2026-11-24T10:00:00.000Z' } as const;

const BEGUN = [
  SAMPLE_EVENTS['session.opened'],
  SAMPLE_EVENTS['turn.requested'],
  SAMPLE_EVENTS['run.started'],
] as const;

function summaryAfter(...events: readonly SessionEvent[]) {
  return summarizeAll(null, entriesOf('ses_A', [...BEGUN, ...events]));
}

describe('a summary', () => {
  it('fails with the last try only', () => {
    const failed = SAMPLE_EVENTS['run.failed'];
    expect(summaryAfter(failed)).toMatchObject({ status: 'waiting', lastOutcome: null });
    expect(summaryAfter({ ...failed, retryAt: null })).toMatchObject({
      status: 'idle',
      lastOutcome: 'failed',
    });
  });

  it('counts each try as a run of one turn', () => {
    const again = { ...SAMPLE_EVENTS['run.started'], runId: 'run_2', attempt: 2 } as const;
    expect(summaryAfter(SAMPLE_EVENTS['run.failed'], again)).toMatchObject({
      status: 'running',
      turns: 1,
      runs: 2,
    });
  });

  it('is stopped in a run and between two tries', () => {
    const stopped = SAMPLE_EVENTS['run.stopped'];
    expect(summaryAfter(stopped)).toMatchObject({ status: 'idle', lastOutcome: 'stopped' });
    expect(summaryAfter(SAMPLE_EVENTS['run.failed'], stopped)).toMatchObject({
      status: 'idle',
      lastOutcome: 'stopped',
    });
  });

  it('waits for an answer until there is one, it expires or the run ends', () => {
    const asked = SAMPLE_EVENTS['question.asked'];
    expect(summaryAfter(asked)?.waitingFor).toBe('answer');
    expect(summaryAfter(asked, { ...asked, questionId: 'que_2' })?.open).toHaveLength(1);
    for (const type of ['question.answered', 'question.expired', 'run.finished', 'run.stopped'] as const)
      expect(summaryAfter(asked, SAMPLE_EVENTS[type])?.waitingFor).toBeNull();
  });

  it('waits for an approval until all are decided', () => {
    const requested = SAMPLE_EVENTS['approval.requested'];
    const second = { ...requested, approvalId: 'apr_2' } as const;
    expect(summaryAfter(requested, second, SAMPLE_EVENTS['approval.granted'])?.waitingFor).toBe('approval');
    expect(summaryAfter(requested, SAMPLE_EVENTS['approval.denied'])?.waitingFor).toBeNull();
  });

  it('follows its pull request', () => {
    const opened = SAMPLE_EVENTS['pull_request.opened'];
    expect(summaryAfter(opened)?.pullRequest).toMatchObject({ number: 7, state: 'open' });
    expect(summaryAfter(opened, SAMPLE_EVENTS['pull_request.merged'])?.pullRequest?.state).toBe('merged');
    expect(summaryAfter(opened, SAMPLE_EVENTS['pull_request.closed'])?.pullRequest?.state).toBe('closed');
    expect(
      summaryAfter(opened, SAMPLE_EVENTS['pull_request.closed'], SAMPLE_EVENTS['pull_request.reopened'])
        ?.pullRequest?.state,
    ).toBe('open');
  });

  it('refuses a log that does not begin with its session', () => {
    expect(() => summarizeAll(null, entriesOf('ses_A', [SAMPLE_EVENTS['turn.requested']]))).toThrow(
      'does not begin with session.opened',
    );
  });
});

describe('any history that was decided', () => {
  it('has a summary that agrees with its state', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps, entries }) => {
        const written = entries.map((entry, index) => ({ ...BASE, ...entry, seq: index + 1 }));
        const summary = summarizeAll(null, written);
        const state = steps.at(-1)?.after;
        if (!summary || !state || state.status === 'unopened') return expect.unreachable('not opened');
        const { change, pullRequest } = state;
        expect(summary).toMatchObject({
          seq: written.length,
          status: state.status,
          title: state.title,
          turns: state.knownTurns.length,
          queued: state.queue.map((turn) => turn.turnId),
          publishing: state.publishing !== null,
          waitingFor: state.status === 'running' && state.question ? 'answer' : null,
          change: change && {
            additions: change.additions,
            deletions: change.deletions,
            fileCount: change.fileCount,
          },
          pullRequest: pullRequest && {
            number: pullRequest.number,
            url: pullRequest.url,
            state: pullRequest.state,
          },
        });
      }),
    );
  });
});
