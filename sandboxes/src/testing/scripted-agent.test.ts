import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AgentEvent } from '../agent/agent.ts';
import { createLocalProvider } from '../local.ts';
import type { Sandbox, SandboxProvider } from '../provider.ts';
import { agentModel, never } from './agent-stage.ts';
import { createHold, createScriptedAgent, type SceneStep } from './scripted-agent.ts';

let folder: string;
let provider: SandboxProvider;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scripted-'));
  provider = await createLocalProvider({ root: folder });
  sandbox = await provider.create({ labels: {}, env: {} });
});
afterAll(async () => {
  await provider.close();
  await rm(folder, { recursive: true });
});

const say = (text: string): SceneStep => ({ do: 'emit', event: { type: 'text', id: text, text } });
const open = async (scene: (turn: number) => readonly SceneStep[]) => {
  const runtime = createScriptedAgent(({ turn }) => scene(turn));
  const agent = await runtime.start({ sandbox, model: agentModel('http://127.0.0.1:1'), instructions: '' });
  return { runtime, agent, session: await agent.open({ title: 'x' }) };
};

it('plays a scene for each prompt, in the sandbox', async () => {
  const { agent, session, runtime } = await open((turn) => [
    { do: 'write', path: `turn-${turn}.txt`, text: 'written' },
    say(`Turn ${turn}.`),
  ]);
  const events: AgentEvent[] = [];
  const handlers = { onEvent: (event: AgentEvent) => void events.push(event), signal: never };
  expect(await session.run({ text: 'a' }, handlers)).toEqual({ type: 'finished', text: 'Turn 0.' });
  const again = await agent.resume(session.id);
  expect(await again?.run({ text: 'b' }, handlers)).toEqual({ type: 'finished', text: 'Turn 1.' });
  expect(await agent.resume('nobody')).toBeNull();
  expect(events.map((event) => event.type)).toEqual(['text', 'text']);
  expect(runtime.prompts.map(({ prompt }) => prompt.text)).toEqual(['a', 'b']);
  expect((await sandbox.readFile(join(sandbox.paths.workspace, 'turn-1.txt'))).length).toBe(7);
});

it('waits at a hold until it is released or aborted', async () => {
  const hold = createHold();
  const { session } = await open(() => [{ do: 'hold', hold }, say('Over.')]);
  const running = session.run({ text: 'a' }, { onEvent: () => {}, signal: never });
  await hold.reached;
  hold.release();
  expect(await running).toEqual({ type: 'finished', text: 'Over.' });

  const abort = new AbortController();
  const second = await open(() => [{ do: 'hold', hold: createHold() }, say('Never.')]);
  const stopped = second.session.run({ text: 'a' }, { onEvent: () => {}, signal: abort.signal });
  abort.abort();
  expect(await stopped).toEqual({ type: 'aborted' });
});

it('asks, fails and ends as it is written', async () => {
  const { session, runtime } = await open(() => [
    { do: 'ask', event: { type: 'question', id: 'que_1', questions: [] } },
    { do: 'end', outcome: { type: 'interrupted', reason: 'written so' } },
  ]);
  const onEvent = async (event: AgentEvent) => {
    if (event.type === 'question') await session.answer(event.id, [['yes']]);
  };
  expect(await session.run({ text: 'a' }, { onEvent, signal: never })).toMatchObject({ type: 'interrupted' });
  expect(runtime.answers).toEqual([{ questionId: 'que_1', answers: [['yes']] }]);
  const failing = await open(() => [{ do: 'throw', error: new Error('as written') }]);
  await expect(failing.session.run({ text: 'a' }, { onEvent, signal: never })).rejects.toThrow('as written');
});
