import { type AgentRuntime, SandboxError } from 'sandboxes';
import { createHold, type SceneStep } from 'sandboxes/testing/scripted-agent';
import { describe, expect, it } from 'vitest';
import { isRefused, type SessionId, type TurnId } from '../domain/index.ts';
import type { Orchestrator } from '../main.ts';
import { ana, ask, seen, start, useScriptedWorld } from '../testing/scripted-world.ts';

useScriptedWorld();

const QUOTED = '<thread>\nBo: the cart is wrong\n</thread>\n\ncount to ten';

async function request({ deckhand }: Orchestrator, sessionId: SessionId, text: string): Promise<TurnId> {
  const requested = await deckhand.requestTurn(sessionId, { key: text, text }, ana);
  if (isRefused(requested)) throw new Error(requested.refused);
  return requested.turnId;
}

/** A session whose first turn was stopped. Runs come to their end one by one, as they are let go. */
async function stopped() {
  const holds = [createHold(), createHold(), createHold()];
  let begun = 0;
  const it = await start((): SceneStep[] => {
    const hold = holds[begun++] ?? createHold();
    return [
      { do: 'hold', hold },
      { do: 'end', outcome: { type: 'finished', text: 'Done.' } },
    ];
  });
  const sessionId = await ask(it, QUOTED);
  await holds[0]?.reached;
  const { state } = (await it.deckhand.session(sessionId)) ?? {};
  if (state?.status !== 'running') throw new Error('nothing runs');
  const { turnId } = state.turn;
  await it.deckhand.send(sessionId, { type: 'stop_run', turnId }, ana);
  await seen(it, sessionId, 'run.stopped');
  const again = (key: string, of = turnId) =>
    it.deckhand.askAgain(sessionId, { turnId: of, why: 'resume', key }, ana);
  return { it, sessionId, turnId, again, holds };
}

describe('a turn that was stopped', () => {
  it('is asked again once, in its words and below its thread, however often a press is delivered', async () => {
    const { it, sessionId, turnId, again } = await stopped();
    const [first] = await Promise.all([again('press-1'), seen(it, sessionId, 'turn.requested', 2)]);
    expect(first).toHaveProperty('turnId');
    expect(await again('press-1')).toEqual({ refused: 'duplicate_turn' });
    expect(await again('press-2')).toEqual({ refused: 'asked_again' });
    const requested = (await it.deckhand.log(sessionId, { afterSeq: 0, limit: 1000 }))
      .map(({ event }) => event)
      .filter((event) => event.type === 'turn.requested');
    expect(requested.slice(1)).toEqual([
      {
        ...first,
        type: 'turn.requested',
        text: QUOTED.replace('count', 'Go on with: count'),
        again: { of: turnId, why: 'resume' },
      },
    ]);
  });

  it('is asked again by another press when the turn that asked for it was cancelled', async () => {
    const { it, sessionId, again, holds } = await stopped();
    await request(it, sessionId, 'count the files');
    await holds[1]?.reached;
    const first = await again('press-1');
    if (isRefused(first)) throw new Error(first.refused);
    await it.deckhand.send(sessionId, { type: 'cancel_turn', turnId: first.turnId }, ana);
    expect(await again('press-1')).toEqual({ refused: 'duplicate_turn' });
    expect(await again('press-2')).toHaveProperty('turnId');
  });

  it('is not asked again after other work, nor is one that nobody requested', async () => {
    const { it, sessionId, again, holds } = await stopped();
    const other = await request(it, sessionId, 'count the files');
    await holds[1]?.reached;
    expect(await again('press-1', other)).toEqual({ refused: 'turn_open' });
    holds[1]?.release();
    await seen(it, sessionId, 'run.finished');
    expect(await again('press-1')).toEqual({ refused: 'overtaken' });
    expect(await again('press-2', 'trn_none')).toEqual({ refused: 'no_such_turn' });
    expect(await it.deckhand.askAgain('ses_none', { turnId: other, why: 'retry', key: 'x' }, ana)).toEqual({
      refused: 'no_such_turn',
    });
  });

  it('is asked again in the words that it was put in last', async () => {
    const { it, sessionId, again, holds } = await stopped();
    await request(it, sessionId, 'count the files');
    await holds[1]?.reached;
    const third = await request(it, sessionId, 'count the flies');
    await it.deckhand.amendTurn(sessionId, { turnId: third, request: 'count the forks' }, ana);
    holds[1]?.release();
    await holds[2]?.reached;
    await it.deckhand.send(sessionId, { type: 'stop_run', turnId: third }, ana);
    await seen(it, sessionId, 'run.stopped', 2);
    await again('press-1', third);
    expect(await seen(it, sessionId, 'turn.requested', 4)).toMatchObject({
      text: 'Go on with: count the forks',
    });
  });
});

it('a first turn that never reached the agent is tried again with all that it was about', async () => {
  let starts = 0;
  const around = (runtime: AgentRuntime): AgentRuntime => ({
    start: (options, signal) => {
      starts += 1;
      const refused = new SandboxError('agent.model_refused', 'no such key', { retryable: false });
      return starts === 1 ? Promise.reject(refused) : runtime.start(options, signal);
    },
  });
  const it = await start(() => [{ do: 'end', outcome: { type: 'finished', text: 'Done.' } }], { around });
  const sessionId = await ask(it, QUOTED);
  await seen(it, sessionId, 'run.failed');
  const { state } = (await it.deckhand.session(sessionId)) ?? {};
  if (state?.status !== 'idle' || !state.lastSettled) throw new Error('nothing has settled');
  await it.deckhand.askAgain(sessionId, { turnId: state.lastSettled, why: 'retry', key: 'press-1' }, ana);
  await seen(it, sessionId, 'run.finished');
  const told = it.runtime.prompts.map(({ prompt }) => prompt.text).join('\n');
  expect(told).toContain(`${QUOTED.replace('count', 'Please try again: count')}\n`);
});

it('a session is named after its request, not after the thread above it', async () => {
  const { it, sessionId } = await stopped();
  expect((await it.deckhand.session(sessionId))?.summary.title).toBe('count to ten');
});
