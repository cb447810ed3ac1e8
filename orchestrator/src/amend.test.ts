import type { AgentRuntime } from 'sandboxes';
import { createHold, type SceneStep } from 'sandboxes/testing/scripted-agent';
import { describe, expect, it } from 'vitest';
import { isRefused, type SessionId, SYSTEM } from './domain/index.ts';
import type { Orchestrator } from './main.ts';
import { ana, ask, seen, start, useScriptedWorld } from './testing/scripted-world.ts';

useScriptedWorld();

const says = (text: string): SceneStep => ({ do: 'end', outcome: { type: 'finished', text } });

/** A runtime that starts no agent before it is let go. */
function slow(gate: { readonly reached: () => void; readonly open: Promise<void> }) {
  return (runtime: AgentRuntime): AgentRuntime => ({
    start: async (options, signal) => {
      gate.reached();
      await gate.open;
      return runtime.start(options, signal);
    },
  });
}

async function firstTurn({ deckhand }: Orchestrator, sessionId: SessionId) {
  const session = await deckhand.session(sessionId);
  if (session?.state.status === 'unopened') throw new Error('no session');
  const turnId = session?.state.knownTurns[0];
  if (!turnId) throw new Error('no turn');
  return turnId;
}

describe('a request that is put in other words', () => {
  it('while its sandbox starts reaches the agent in the new ones, and no later', async () => {
    const reached = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    const hold = createHold();
    const it = await start(
      () => [{ do: 'write', path: 'a.txt', text: 'a' }, { do: 'hold', hold }, says('Wrote it.')],
      { around: slow({ reached: reached.resolve, open: open.promise }) },
    );
    const sessionId = await ask(it, 'write a flie');
    await reached.promise;
    const turnId = await firstTurn(it, sessionId);
    const amend = (text: string) => it.deckhand.amendTurn(sessionId, { turnId, request: text }, ana);
    expect(isRefused(await amend('write a file'))).toBe(false);
    open.resolve();
    await hold.reached;
    expect(await amend('write two')).toEqual({ refused: 'turn_begun' });
    hold.release();
    await seen(it, sessionId, 'run.finished');
    const [prompt] = it.runtime.prompts;
    expect(prompt?.prompt.text).toContain('\nwrite a file\n');
    expect(prompt?.prompt.text).not.toContain('flie');
  });

  it('while it waits is worked on in the new ones; one whose message was deleted is not', async () => {
    const hold = createHold();
    let isFirst = true;
    const it = await start(() => {
      const steps: SceneStep[] = isFirst ? [{ do: 'hold', hold }, says('First.')] : [says('Second.')];
      isFirst = false;
      return steps;
    });
    const sessionId = await ask(it, 'first');
    await hold.reached;
    const [second, third] = await Promise.all(
      ['secnod', 'third'].map((text) => it.deckhand.requestTurn(sessionId, { key: text, text }, ana)),
    );
    if (!second || isRefused(second) || !third || isRefused(third)) throw new Error('refused');
    await it.deckhand.amendTurn(sessionId, { turnId: second.turnId, request: 'second' }, ana);
    const deleted = { type: 'cancel_turn', turnId: third.turnId, reason: 'message_deleted' } as const;
    await it.deckhand.send(sessionId, deleted, SYSTEM);
    hold.release();
    await seen(it, sessionId, 'run.finished', 2);
    expect(it.runtime.prompts.map(({ prompt }) => /\n(first|sec\w+|third)\n/.exec(prompt.text)?.[1])).toEqual(
      ['first', 'second'],
    );
  });
});
