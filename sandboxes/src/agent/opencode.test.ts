import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLocalProvider } from '../local.ts';
import type { Sandbox, SandboxProvider } from '../provider.ts';
import {
  agentModel,
  bash,
  liveOutput,
  liveText,
  never,
  pixel,
  question,
  recorded,
  run,
  sideBySide,
  steps,
  todo,
  withBrokenStreams,
} from '../testing/agent-stage.ts';
import {
  type ModelRequest,
  type ModelStep,
  type ScriptedModel,
  startScriptedModel,
} from '../testing/scripted-model.ts';
import type { Agent, AgentEvent, AgentSession } from './agent.ts';
import { createOpenCode } from './opencode.ts';

// OpenCode takes 3 s to start, and ten times as long on a machine that has much else to do.
const withSession = 120_000;
let folder: string;
let provider: SandboxProvider;
let model: ScriptedModel;
let script: (request: ModelRequest) => ModelStep;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opencode-'));
  provider = await createLocalProvider({ root: join(folder, 'sandboxes') });
  model = await startScriptedModel((request) => script(request));
});
afterAll(async () => {
  await provider.close();
  await model.close();
  await rm(folder, { recursive: true, force: true });
});

describe('OpenCode in a sandbox', { timeout: withSession }, () => {
  let sandbox: Sandbox;
  let agent: Agent;
  let session: AgentSession;
  const runtime = createOpenCode();
  const start = (place: Sandbox = sandbox) =>
    runtime.start({
      sandbox: place,
      model: agentModel(model.baseUrl),
      instructions: 'Answer in short words.',
    });

  beforeAll(async () => {
    sandbox = await provider.create({ labels: {}, env: {} });
    await sandbox.exec(['git', 'init', '-q']);
    await sandbox.writeFile(join(sandbox.paths.workspace, 'AGENTS.md'), 'The rule of this house.\n');
    agent = await start();
  }, withSession);
  beforeEach(async () => {
    agent = await start();
    session = await agent.open({ title: 'A test' });
  }, withSession);
  afterAll(() => sandbox.delete());

  it('tells what it does, each thing once and in order, and ends with its last words', async () => {
    script = steps(
      { reasoning: 'Let me think.', text: 'First I look.', calls: [bash('echo one; sleep 0.2; echo two')] },
      { calls: [{ tool: 'write', input: { filePath: 'hello.txt', content: 'hi\n' } }] },
      { calls: [{ tool: 'edit', input: { filePath: 'hello.txt', oldString: 'hi', newString: 'ho' } }] },
      { calls: [bash('exit 3'), { tool: 'todowrite', input: { todos: [todo('A', 'completed')] } }] },
      { text: 'All done.' },
    );
    const { outcome, events } = await run(session, 'Please do it');
    expect(outcome).toEqual({ type: 'finished', text: 'All done.' });
    expect(recorded(events).filter((line) => !line.startsWith('todos'))).toEqual([
      'reasoning Let me think.',
      'text First I look.',
      'started bash',
      'finished bash ok',
      'step',
      'started write',
      'finished write ok',
      'step',
      'started edit',
      'finished edit ok',
      'step',
      ...sideBySide(events, [
        'started bash',
        'started todowrite',
        'finished todowrite ok',
        'finished bash failed',
      ]),
      'step',
      'text All done.',
      'step',
    ]);
    const finished = events.filter((event) => event.type === 'tool_finished');
    expect(finished[0]).toMatchObject({ output: 'one\ntwo\n', exitCode: 0, ok: true });
    expect(finished[2]?.diff).toContain('+ho');
    expect(finished.find(({ ok }) => !ok)).toMatchObject({ exitCode: 3 });
    expect(liveOutput(events)).toContain('one\ntwo\n');
    expect(liveText(events)).toContain('All done.');
    expect(events).toContainEqual({ type: 'todos', todos: [{ text: 'A', status: 'completed' }] });
    const cost = events.reduce((sum, event) => sum + (event.type === 'step' ? event.costUsd : 0), 0);
    expect(cost).toBeCloseTo(5 * 0.0011);
    expect(new TextDecoder().decode(await sandbox.readFile(join(sandbox.paths.workspace, 'hello.txt')))).toBe(
      'ho\n',
    );
    const system = model.requests.at(-1)?.system;
    expect(system).toContain('The rule of this house.');
    expect(system).toContain('Answer in short words.');
    expect(model.requests.at(-1)?.tools).toEqual(
      expect.arrayContaining(['question', 'browser_screenshot', 'bash']),
    );
  });

  it('goes on with a conversation, telling only what is new', async () => {
    script = steps({ text: 'One.' });
    await run(session, 'First');
    script = steps({ text: 'Two.' });
    const again = await (await start()).resume(session.id);
    const { outcome, events } = await run(again, 'Second');
    expect(outcome).toEqual({ type: 'finished', text: 'Two.' });
    expect(recorded(events)).toEqual(['text Two.', 'step']);
    expect(model.requests.at(-1)?.raw).toContain('One.');
  });

  it('does not know a conversation of another sandbox', async () => {
    expect(await agent.resume('ses_0000000000000000000000')).toBeNull();
    expect(await agent.resume('nonsense')).toBeNull();
  });

  it('stops when it is told to, and leaves nothing running', async () => {
    script = steps({ calls: [bash('echo begun; sleep 1000')] }, { text: 'Never said.' });
    const abort = new AbortController();
    const before = performance.now();
    const { outcome, events } = await run(session, 'Wait', abort.signal, (event) => {
      if (event.type === 'live' && event.live.kind === 'output') abort.abort();
    });
    expect(outcome).toEqual({ type: 'aborted' });
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(recorded(events).filter((line) => line.startsWith('finished'))).toHaveLength(1);
    expect((await sandbox.processes()).filter(({ command }) => command.includes('sleep'))).toEqual([]);
    script = steps({ text: 'Here again.' });
    expect((await run(session, 'Go on')).outcome).toEqual({ type: 'finished', text: 'Here again.' });
  });

  it('stops right after it was asked, before the prompt had any effect', async () => {
    script = steps({ calls: [bash('sleep 1000')] });
    const abort = new AbortController();
    const running = run(session, 'Wait', abort.signal);
    abort.abort();
    expect((await running).outcome).toEqual({ type: 'aborted' });
    expect((await sandbox.processes()).filter(({ command }) => command.includes('sleep'))).toEqual([]);
  });

  it('asks, and goes on with the answer', async () => {
    script = steps({ calls: [question('Which one?', ['Red', 'Blue'])] }, (request) => ({
      text: `Heard: ${request.results.join()}`,
    }));
    const { outcome, events } = await run(session, 'Ask me', undefined, async (event) => {
      if (event.type === 'question') await session.answer(event.id, [['Blue']]);
    });
    expect(outcome).toMatchObject({ type: 'finished', text: expect.stringContaining('"Which one?"="Blue"') });
    const asked = events.find((event) => event.type === 'question');
    expect(asked?.questions).toEqual([
      {
        text: 'Which one?',
        header: 'Choice',
        options: [
          { label: 'Red', description: 'Red' },
          { label: 'Blue', description: 'Blue' },
        ],
        multiple: false,
      },
    ]);
    expect(events).toContainEqual({ type: 'question_closed', id: asked?.id });
    await expect(session.answer(asked?.id ?? '', [['Red']])).rejects.toMatchObject({ code: 'agent.failed' });
  });

  it('goes on by itself when a question is taken back', async () => {
    script = steps({ calls: [question('Which one?', ['Red', 'Blue'])] }, (request) => ({
      text: `Heard: ${request.results.join()}`,
    }));
    const { outcome } = await run(session, 'Ask me', undefined, async (event) => {
      if (event.type === 'question') await session.dismiss(event.id, 'everybody is asleep');
    });
    expect(outcome).toMatchObject({ type: 'finished', text: expect.stringContaining('everybody is asleep') });
  });

  it('takes a message while it works', async () => {
    script = (request) => {
      if (request.raw.includes('Mind the gap')) return { text: 'I mind it.' };
      return { calls: [bash(`until [ -e ${join(sandbox.paths.home, 'go')} ]; do sleep 0.05; done`)] };
    };
    let isSent = false;
    const { outcome } = await run(session, 'Work', undefined, async (event) => {
      if (event.type !== 'tool_started' || isSent) return;
      isSent = true;
      await session.steer('Mind the gap');
      await sandbox.writeFile(join(sandbox.paths.home, 'go'), '');
    });
    expect(outcome).toEqual({ type: 'finished', text: 'I mind it.' });
    await expect(session.steer('Too late')).rejects.toMatchObject({ code: 'agent.failed' });
  });

  it('shows what a subagent does, apart from its own doings', async () => {
    script = (request) => {
      if (request.prompt.startsWith('Look'))
        return request.step ? { text: 'Seen.' } : { calls: [bash('echo from-below')] };
      const input = { description: 'explore', prompt: 'Look around', subagent_type: 'general' };
      return request.step ? { text: 'Finished above.' } : { calls: [{ tool: 'task', input }] };
    };
    const { outcome, events } = await run(session, 'Delegate');
    expect(outcome).toEqual({ type: 'finished', text: 'Finished above.' });
    expect(recorded(events)).toEqual([
      'started task',
      'started bash',
      'finished bash ok',
      'step',
      'step',
      'finished task ok',
      'step',
      'text Finished above.',
      'step',
    ]);
    const below = events.find((event) => event.type === 'tool_finished' && event.tool === 'bash');
    expect(below).toMatchObject({ id: expect.stringMatching(/^ses_\w+\/prt_/), output: 'from-below\n' });
  });

  it('takes a screenshot of a local page, and of nothing else', async () => {
    const page = `require('node:http').createServer((q, s) => s.end('<h1>Hello</h1>')).listen(+process.argv[1], '127.0.0.1')`;
    const port = await sandbox.freePort();
    await sandbox.serve(['node', '-e', page, String(port)]);
    await vi.waitFor(() => sandbox.fetch(port, '/'), { timeout: 10_000, interval: 50 });
    const shoot = (url: string) => ({
      tool: 'browser_screenshot',
      input: { url, name: 'home', width: 400, height: 300 },
    });
    script = steps(
      { calls: [shoot(`http://localhost:${port}/`)] },
      { calls: [shoot('http://example.com/')] },
      { text: 'Shown.' },
    );
    const { outcome, events } = await run(session, 'Show me');
    expect(outcome).toEqual({ type: 'finished', text: 'Shown.' });
    const [shown, refused] = events.filter((event) => event.type === 'tool_finished');
    const [file] = shown?.files ?? [];
    expect(file).toMatchObject({ name: 'home.png', mime: 'image/png' });
    const png = Buffer.from(file?.bytes ?? []);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([400, 300]);
    expect(refused).toMatchObject({
      files: [],
      output: expect.stringContaining('Only http addresses on localhost'),
    });
  });

  it('is shown pictures, and finds other files beside the checkout', async () => {
    script = steps({ text: 'Read.' });
    const files = [
      { name: 'a.png', mime: 'image/png', bytes: pixel },
      { name: 'notes of/today.txt', mime: 'text/plain', bytes: new TextEncoder().encode('note') },
    ];
    const outcome = await session.run({ text: 'Look', files }, { onEvent: () => {}, signal: never });
    expect(outcome.type).toBe('finished');
    const raw = model.requests.at(-1)?.raw ?? '';
    expect(raw).toContain('data:image/png;base64,');
    const path = join(sandbox.paths.workspace, '.artifacts/attachments/2-notes_of_today.txt');
    expect(raw).toContain(path);
    expect(new TextDecoder().decode(await sandbox.readFile(path))).toBe('note');
  });

  it('says that the model refused when its host refuses', async () => {
    script = () => ({ error: { status: 401, message: 'bad key' } });
    await expect(run(session, 'Try')).rejects.toMatchObject({
      code: 'agent.model_refused',
      retryable: false,
    });
    script = steps({ text: 'Fine now.' });
    expect((await run(session, 'Again')).outcome).toEqual({ type: 'finished', text: 'Fine now.' });
  });

  it('says that the model is out of reach when its host goes on failing, and shows each new try', async () => {
    script = () => ({ error: { status: 500, message: 'on fire' } });
    const events: AgentEvent[] = [];
    await expect(
      session.run({ text: 'Try' }, { onEvent: (event) => void events.push(event), signal: never }),
    ).rejects.toMatchObject({ code: 'agent.model_unreachable', retryable: true });
    expect(events.filter((event) => event.type === 'retrying').length).toBeGreaterThan(0);
  });

  it('hands on a big output without losing its end', async () => {
    script = steps(
      { calls: [bash('for i in $(seq 1 40); do seq 1 500; sleep 0.01; done; echo the-end; sleep 1')] },
      { text: 'Big.' },
    );
    const { outcome, events } = await run(session, 'Print');
    expect(outcome.type).toBe('finished');
    expect(liveOutput(events)).toMatch(/the-end\n$/);
    const resets = events.filter(
      (event) => event.type === 'live' && event.live.kind === 'output' && event.live.reset,
    );
    expect(resets.length).toBeLessThan(3);
  });

  it('stops the agent when its events cannot be taken', async () => {
    script = steps({ calls: [bash('sleep 1000')] });
    const handlers = {
      signal: never,
      onEvent: (event: AgentEvent) => {
        if (event.type === 'tool_started') throw new Error('the log is full');
      },
    };
    await expect(session.run({ text: 'Work' }, handlers)).rejects.toThrow('the log is full');
    expect((await sandbox.processes()).filter(({ command }) => command.includes('sleep'))).toEqual([]);
  });

  it('misses and doubles nothing when the connection breaks again and again', async () => {
    const cut = withBrokenStreams(sandbox);
    const other = createOpenCode();
    await agent.close();
    const fragile = await other.start({
      sandbox: cut.sandbox,
      model: agentModel(model.baseUrl),
      instructions: '',
    });
    const calls = Array.from({ length: 8 }, (_, index) => ({
      text: `Step ${index}.`,
      calls: [bash(`echo ${index}; sleep 0.15`)],
    }));
    script = steps(...calls, { text: 'The end.' });
    const { outcome, events } = await run(await fragile.open({ title: 'x' }), 'Work');
    await fragile.close();
    expect(cut.count()).toBeGreaterThan(3);
    expect(outcome).toEqual({ type: 'finished', text: 'The end.' });
    expect(recorded(events).filter((line) => line.startsWith('text'))).toEqual([
      ...calls.map(({ text }) => `text ${text}`),
      'text The end.',
    ]);
    expect(recorded(events).filter((line) => line === 'finished bash ok')).toHaveLength(8);
    expect(recorded(events).filter((line) => line === 'started bash')).toHaveLength(8);
    expect(recorded(events).filter((line) => line === 'step')).toHaveLength(9);
  });

  it('says that it was interrupted when its process dies, and goes on in the same conversation', async () => {
    script = steps({ text: 'Before.', calls: [bash('echo begun; sleep 1000')] }, { text: 'Never said.' });
    const { outcome } = await run(session, 'Work', undefined, async (event) => {
      if (event.type !== 'live' || event.live.kind !== 'output') return;
      const [server] = (await sandbox.processes()).filter(({ command }) =>
        command.includes('opencode serve'),
      );
      // Process 0 would be all of our own.
      if (!server) throw new Error('the server does not run');
      process.kill(server.pid, 'SIGKILL');
    });
    expect(outcome).toMatchObject({ type: 'interrupted', reason: expect.stringContaining('137') });
    const resumed = await (await start()).resume(session.id);
    // The command that the dead server left behind is gone.
    expect((await sandbox.processes()).filter(({ command }) => command.includes('sleep'))).toEqual([]);
    script = steps({ text: 'After.' });
    const next = await run(resumed, 'Go on');
    expect(next.outcome).toEqual({ type: 'finished', text: 'After.' });
    expect(recorded(next.events)).toEqual(['text After.', 'step']);
    expect(model.requests.at(-1)?.raw).toContain('Before.');
  });

  it('gives the agent no variable of ours but the token of the gateway', async () => {
    vi.stubEnv('DECKHAND_TEST_SECRET', 'do-not-tell');
    await agent.close();
    agent = await start();
    vi.unstubAllEnvs();
    session = await agent.open({ title: 'x' });
    script = steps({ calls: [bash('env; cat /proc/$PPID/environ')] }, { text: 'Seen.' });
    const { events } = await run(session, 'Look');
    const output = events.find((event) => event.type === 'tool_finished')?.output ?? '';
    expect(output).toContain('gateway-token');
    expect(output).not.toContain('do-not-tell');
  });
});

it('says why an agent that cannot start did not', async () => {
  const sandbox = await provider.create({ labels: {}, env: {} });
  const options = { sandbox, model: agentModel(model.baseUrl), instructions: '' };
  await expect(createOpenCode({ binary: '/bin/false' }).start(options)).rejects.toMatchObject({
    code: 'agent.start_failed',
  });
  await expect(createOpenCode({ binary: '/no/such' }).start(options)).rejects.toMatchObject({
    code: 'agent.start_failed',
  });
  await sandbox.delete();
});
