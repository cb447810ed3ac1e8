import type { Entry, SessionEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { finishing, opening, pullRequest, runStart, sceneIds, working } from '../../testing/scene.ts';
import { withLiveText } from './live-text.ts';
import { timelineOf } from './timeline.ts';

const ids = sceneIds('one');
const [run1, run2] = [ids.run(1), ids.run(2)];
const asked = opening(ids, 'Fix it', 'Fix the total');

function kinds(entries: readonly Entry[]): string[] {
  return timelineOf(entries).map((item) => item.kind);
}

function toolStarted(runId: typeof run1, callId: string): SessionEvent {
  return {
    type: 'agent.tool_started',
    runId,
    callId,
    tool: 'bash',
    title: 'Tests',
    input: '{"command":"npm test"}',
  };
}

describe('the timeline', () => {
  it('shows a whole session in the order in which it happened', () => {
    const shown = kinds(
      entriesOf([...asked, ...runStart(ids, 1), ...working(ids), ...finishing(ids), ...pullRequest(ids)]),
    );
    expect(shown.slice(0, 5)).toEqual(['turn', 'run', 'steps', 'thought', 'said']);
    expect(shown.filter((kind) => kind === 'tool')).toHaveLength(7);
    expect(shown.slice(-3)).toEqual(['outcome', 'pull_request', 'pull_request']);
  });

  it('makes one item of a call and its result', () => {
    const finished: SessionEvent = {
      type: 'agent.tool_finished',
      runId: run1,
      callId: 'c1',
      tool: 'bash',
      title: 'Tests',
      ok: true,
      output: 'fine',
      exitCode: 0,
      durationMs: 12,
    };
    const before = timelineOf(entriesOf([{ event: toolStarted(run1, 'c1') }]));
    expect(before).toMatchObject([{ kind: 'tool', result: null, cutOff: false }]);
    const after = timelineOf(entriesOf([{ event: toolStarted(run1, 'c1') }, { event: finished }]));
    expect(after).toMatchObject([{ kind: 'tool', result: { output: 'fine', exitCode: 0 } }]);
    expect(after).toHaveLength(1);
  });

  it('leaves out the call that only writes the plan', () => {
    const call = {
      type: 'agent.tool_started',
      runId: run1,
      callId: 'c1',
      tool: 'todowrite',
      title: '',
      input: '',
    } as const;
    expect(timelineOf(entriesOf([{ event: call }]))).toEqual([]);
  });

  it('tells calls of two runs apart that have the same id', () => {
    const both = timelineOf(
      entriesOf([{ event: toolStarted(run1, 'c1') }, { event: toolStarted(run2, 'c1') }]),
    );
    expect(both).toHaveLength(2);
  });

  it('shows a call as cut off when its run has ended without its result', () => {
    const entries = entriesOf([
      ...asked,
      ...runStart(ids, 1),
      { event: toolStarted(run1, 'c1') },
      { event: { type: 'run.stopped', runId: run1 } },
    ]);
    const items = timelineOf(entries);
    expect(items.find((item) => item.kind === 'tool')).toMatchObject({ cutOff: true, result: null });
    expect(items.find((item) => item.kind === 'turn')).toMatchObject({ state: 'stopped' });
  });

  it('puts a turn that had to wait where its work begins', () => {
    const second: SessionEvent = { type: 'turn.requested', turnId: ids.turn(2), text: 'And then this' };
    const waiting = entriesOf([...asked, ...runStart(ids, 1), { event: second }, ...working(ids)]);
    expect(timelineOf(waiting).at(-1)).toMatchObject({
      kind: 'turn',
      text: 'And then this',
      state: 'queued',
    });
    const begun = entriesOf([
      ...asked,
      ...runStart(ids, 1),
      { event: second },
      { event: { type: 'run.finished', runId: run1, summary: 'Done' } },
      ...runStart(ids, 2, 2),
    ]);
    expect(kinds(begun)).toEqual(['turn', 'run', 'steps', 'outcome', 'turn', 'run', 'steps']);
  });

  it('joins our own steps and says how long each took', () => {
    const steps = timelineOf(entriesOf([...asked, ...runStart(ids, 1)])).find(
      (item) => item.kind === 'steps',
    );
    expect(steps).toMatchObject({
      steps: [{ step: 'sandbox' }, { step: 'clone' }, { step: 'agent' }, { step: 'work', endedAt: null }],
    });
  });

  it('keeps the answer with its question', () => {
    const items = timelineOf(
      entriesOf([
        {
          event: {
            type: 'question.asked',
            questionId: 'que_1',
            runId: run1,
            questions: [{ text: 'Which?', options: [], multiple: false }],
            expiresAt: '2026-01-01T10:10:00.000Z',
          },
        },
        {
          actor: { kind: 'member', id: 'U1', name: 'Ana' },
          event: { type: 'question.answered', questionId: 'que_1', answers: [['Redis']] },
        },
      ]),
    );
    expect(items).toMatchObject([
      { kind: 'question', answer: { state: 'answered', answers: [['Redis']], by: { name: 'Ana' } } },
    ]);
  });

  it('adds up the cost of a run and forgives a log that begins in the middle of one', () => {
    const whole = entriesOf([...asked, ...runStart(ids, 1), ...working(ids), ...finishing(ids)]);
    const outcome = timelineOf(whole).find((item) => item.kind === 'outcome');
    expect(outcome).toMatchObject({ costUsd: expect.closeTo(0.147, 5) });
    const tail = timelineOf(whole.slice(-3)).find((item) => item.kind === 'outcome');
    expect(tail).toMatchObject({ costUsd: 0, durationMs: null });
  });

  it('shows what is being written before the turns that wait', () => {
    const second: SessionEvent = { type: 'turn.requested', turnId: ids.turn(2), text: 'And then this' };
    const items = timelineOf(entriesOf([...asked, ...runStart(ids, 1), { event: second }]));
    const live = withLiveText(items, new Map([['p1', { runId: run1, text: 'I am' }]]));
    expect(live.slice(-2)).toMatchObject([{ kind: 'said', text: 'I am', live: true }, { kind: 'turn' }]);
  });
});
