import { join } from 'node:path';
import { SandboxError, type SandboxProvider } from 'sandboxes';
import { createHold, type SceneStep } from 'sandboxes/testing/scripted-agent';
import { describe, expect, it } from 'vitest';
import { type Entry, isRefused } from './domain/index.ts';
import { gitOrFail } from './integrations/git-command.ts';
import {
  ana,
  ask,
  createHost,
  dir,
  provider,
  seen,
  setCheck,
  start,
  untilAborted,
  untilReleased,
  useScriptedWorld,
} from './testing/scripted-world.ts';

useScriptedWorld();

const says = (text: string): SceneStep => ({ do: 'end', outcome: { type: 'finished', text } });
const writes: SceneStep = { do: 'write', path: 'new.txt', text: 'hello\n' };

describe('a turn', () => {
  it('ends with the change that was made and a check that we ran', async () => {
    const it = await start(() => [writes, says('Wrote a file.')]);
    const sessionId = await ask(it, 'write a file');
    const finished = await seen(it, sessionId, 'run.finished');
    expect(finished).toMatchObject({
      summary: 'Wrote a file.',
      change: { additions: 1, deletions: 0, files: [{ path: 'new.txt', status: 'added' }] },
    });
    expect(await seen(it, sessionId, 'check.finished')).toMatchObject({ command: 'npm test', exitCode: 0 });
    expect((await it.deckhand.session(sessionId))?.summary).toMatchObject({
      status: 'idle',
      lastOutcome: 'finished',
      turns: 1,
      runs: 1,
    });
  });

  it('is not asked for twice by the same key; another request for its session is a turn of it', async () => {
    const it = await start(() => [says('Hi.')]);
    const sessionId = await ask(it, 'hi');
    const open = (key: string) =>
      it.deckhand.openSession({ sessionKey: 'thread-1', key, trigger: { kind: 'console' }, text: 'hi' }, ana);
    expect(await open('thread-1')).toEqual({ refused: 'duplicate_turn' });
    await seen(it, sessionId, 'run.finished');
    expect(await open('another')).toMatchObject({ sessionId });
    await seen(it, sessionId, 'run.finished', 2);
    expect((await it.deckhand.session(sessionId))?.summary.turns).toBe(2);
  });

  it('is tried again in a new run when something passing broke', async () => {
    let tries = 0;
    const it = await start(() => {
      tries++;
      return tries === 1
        ? [
            writes,
            {
              do: 'throw',
              error: new SandboxError('agent.model_unreachable', 'no answer', { retryable: true }),
            },
          ]
        : [says('Done.')];
    });
    const sessionId = await ask(it, 'write a file');
    expect(await seen(it, sessionId, 'run.failed')).toMatchObject({
      code: 'model.unreachable',
      retryAt: expect.any(String),
    });
    expect(await seen(it, sessionId, 'run.finished')).toMatchObject({ change: { fileCount: 1 } });
    expect(it.runtime.prompts[1]?.prompt.text).toMatch(/^<interrupted>/);
  });

  it('is over at once when something lasting broke, with the work kept', async () => {
    const it = await start(() => [
      writes,
      { do: 'throw', error: new SandboxError('agent.model_refused', 'bad key', { retryable: false }) },
    ]);
    const sessionId = await ask(it, 'write a file');
    expect(await seen(it, sessionId, 'run.failed')).toMatchObject({
      code: 'model.refused',
      retryAt: null,
      change: { fileCount: 1 },
    });
  });

  it('calls a bug a bug, without trying again', async () => {
    const it = await start(() => [{ do: 'throw', error: new TypeError('x is not a function') }]);
    expect(await seen(it, await ask(it, 'go'), 'run.failed')).toMatchObject({
      code: 'run.internal',
      retryAt: null,
    });
  });

  it('has a time limit', async () => {
    const hold = createHold();
    const it = await start(() => [writes, { do: 'hold', hold }, says('late')], {
      limits: { runTimeoutMs: 1500 },
    });
    expect(await seen(it, await ask(it, 'go'), 'run.failed')).toMatchObject({
      code: 'run.timed_out',
      retryAt: null,
    });
  });

  it('never lets a known secret into the log', async () => {
    const it = await start(() => [
      { do: 'emit', event: { type: 'text', id: '1', text: 'the key is sk-a-real-key' } },
      says('ok'),
    ]);
    expect(await seen(it, await ask(it, 'go'), 'agent.said')).toMatchObject({ text: 'the key is [secret]' });
  });
});

describe('stopping', () => {
  it('keeps what was done and says who stopped it', async () => {
    const hold = createHold();
    const it = await start(() => [writes, { do: 'hold', hold }, says('late')]);
    const sessionId = await ask(it, 'go');
    await hold.reached;
    expect(isRefused(await it.deckhand.send(sessionId, { type: 'stop_run' }, ana))).toBe(false);
    expect(await it.deckhand.send(sessionId, { type: 'stop_run' }, ana)).toEqual({
      refused: 'already_stopping',
    });
    expect(await seen(it, sessionId, 'run.stopped')).toMatchObject({ change: { fileCount: 1 } });
  });

  it('works while the sandbox still starts', async () => {
    const booting = createHold();
    const slow: SandboxProvider = {
      ...provider,
      create: async (spec, signal) => {
        await Promise.race([untilReleased(booting), untilAborted(signal)]);
        return provider.create(spec, signal);
      },
    };
    const it = await start(() => [says('late')], { provider: slow });
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.progressed');
    await it.deckhand.send(sessionId, { type: 'stop_run' }, ana);
    await seen(it, sessionId, 'run.stopped');
    expect(it.runtime.prompts).toEqual([]);
  });

  it('has nothing to stop when nothing runs', async () => {
    const it = await start(() => [says('ok')]);
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.finished');
    expect(await it.deckhand.send(sessionId, { type: 'stop_run' }, ana)).toEqual({
      refused: 'nothing_running',
    });
  });
});

describe('after a restart', () => {
  it('a run that was cut off is recorded as lost and goes on in the same sandbox', async () => {
    const hold = createHold();
    const first = await start(() => [writes, { do: 'hold', hold }]);
    const sessionId = await ask(first, 'go');
    await hold.reached;
    await first.close();

    const second = await start(() => [says('Done after all.')]);
    expect(await seen(second, sessionId, 'run.failed')).toMatchObject({
      code: 'run.lost',
      retryAt: expect.any(String),
    });
    expect(await seen(second, sessionId, 'run.finished')).toMatchObject({ change: { fileCount: 1 } });
    const log = await second.deckhand.log(sessionId, { afterSeq: 0, limit: 1000 });
    const sandboxes = log.flatMap(({ event }) => (event.type === 'run.prepared' ? [event.sandboxId] : []));
    expect(new Set(sandboxes).size).toBe(1);
    expect(sandboxes).toHaveLength(2);
  });

  it('a turn that was asked for and not begun is begun', async () => {
    const first = await start(() => [says('never')], {
      provider: {
        ...provider,
        create: (_spec, signal) => untilAborted(signal).then(() => Promise.reject(new Error('aborted'))),
      },
    });
    const sessionId = await ask(first, 'go');
    await first.close();
    const second = await start(() => [says('Now.')]);
    expect(await seen(second, sessionId, 'run.finished')).toMatchObject({ summary: 'Now.' });
  });

  it('work goes on in a new sandbox when the old one is gone, and the agent is told', async () => {
    const it = await start(() => [writes, says('ok')]);
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.finished');
    const place = (await seen(it, sessionId, 'run.prepared')) as Extract<
      Entry['event'],
      { type: 'run.prepared' }
    >;
    await (await provider.get(place.sandboxId))?.delete();
    await it.deckhand.requestTurn(sessionId, { key: 'second', text: 'more' }, ana);
    await seen(it, sessionId, 'run.finished', 2);
    expect(it.runtime.prompts[1]?.prompt.text).toContain('Earlier in this session');
  });
});

describe('a question of the agent', () => {
  const question = {
    type: 'question' as const,
    id: 'q1',
    questions: [
      { text: 'Which?', header: 'Which', options: [{ label: 'A', description: '' }], multiple: false },
    ],
  };

  it('is answered by a person, and the run goes on', async () => {
    const it = await start(() => [{ do: 'ask', event: question }, says('ok')]);
    const sessionId = await ask(it, 'go');
    const asked = (await seen(it, sessionId, 'question.asked')) as Extract<
      Entry['event'],
      { type: 'question.asked' }
    >;
    const answer = { type: 'answer_question' as const, questionId: asked.questionId, answers: [['A']] };
    await it.deckhand.send(sessionId, answer, ana);
    expect(await it.deckhand.send(sessionId, answer, ana)).toEqual({ refused: 'no_such_question' });
    await seen(it, sessionId, 'run.finished');
    expect(it.runtime.answers).toEqual([{ questionId: 'q1', answers: [['A']] }]);
  });

  it('expires, and the agent goes on by itself', async () => {
    const it = await start(() => [{ do: 'ask', event: question }, says('ok')], {
      limits: { questionTimeoutMs: 300 },
    });
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'question.expired');
    await seen(it, sessionId, 'run.finished');
  });
});

describe('a pull request', () => {
  it('is opened for the branch, and follows it when there is more work', async () => {
    const host = createHost();
    let files = 0;
    const it = await start(() => [{ do: 'write', path: `f${++files}.txt`, text: 'x\n' }, says('ok')], {
      host,
    });
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.finished');
    await it.deckhand.send(
      sessionId,
      { type: 'request_pull_request', title: 'My title', body: 'Why', draft: false },
      ana,
    );
    await seen(it, sessionId, 'pull_request.opened');
    expect(host.opened[0]).toMatchObject({
      title: 'My title',
      base: 'main',
      body: expect.stringContaining(`http://console/${sessionId}`),
    });
    await it.deckhand.requestTurn(sessionId, { key: 'second', text: 'more' }, ana);
    const updated = (await seen(it, sessionId, 'pull_request.updated')) as Extract<
      Entry['event'],
      { type: 'pull_request.updated' }
    >;
    const { branch } = (await it.deckhand.session(sessionId))?.summary ?? { branch: '' };
    expect((await gitOrFail('local', ['-C', join(dir, 'origin.git'), 'rev-parse', branch])).trim()).toBe(
      updated.headSha,
    );
  });

  it('that the code host refuses is said once, and can be asked for again', async () => {
    const host = createHost();
    host.failOpening = Object.assign(new Error('no'), { code: 'x' });
    const it = await start(() => [writes, says('ok')], { host });
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.finished');
    const request = { type: 'request_pull_request' as const, title: 'T', body: '', draft: false };
    await it.deckhand.send(sessionId, request, ana);
    await seen(it, sessionId, 'pull_request.failed');
    host.failOpening = null;
    await it.deckhand.send(sessionId, request, ana);
    await seen(it, sessionId, 'pull_request.opened');
  });

  it('needs a change', async () => {
    const it = await start(() => [says('nothing to do')]);
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.finished');
    expect(
      await it.deckhand.send(
        sessionId,
        { type: 'request_pull_request', title: 'T', body: '', draft: false },
        ana,
      ),
    ).toEqual({ refused: 'nothing_to_publish' });
  });
});

describe('an agent that leaves the branch', () => {
  it('has its work on the session’s branch all the same, and the pull request follows', async () => {
    const host = createHost();
    const it = await start(
      ({ turn }) =>
        turn === 0
          ? [writes, says('ok')]
          : [
              { do: 'exec', argv: ['git', 'checkout', '-q', '--detach'] },
              { do: 'write', path: 'other.txt', text: 'x\n' },
              says('elsewhere'),
            ],
      { host },
    );
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.finished');
    await it.deckhand.send(
      sessionId,
      { type: 'request_pull_request', title: 'T', body: '', draft: false },
      ana,
    );
    await seen(it, sessionId, 'pull_request.opened');
    await it.deckhand.requestTurn(sessionId, { key: 'second', text: 'more' }, ana);
    await seen(it, sessionId, 'pull_request.updated');
    const { branch } = (await it.deckhand.session(sessionId))?.summary ?? { branch: '' };
    const files = await gitOrFail('local', ['-C', join(dir, 'origin.git'), 'ls-tree', '--name-only', branch]);
    expect(files).toContain('other.txt');
  });
});

describe('checks', () => {
  it('are stopped with the run', async () => {
    await setCheck('sleep 30');
    const it = await start(() => [writes, says('ok')]);
    const sessionId = await ask(it, 'go');
    const signal = AbortSignal.timeout(20_000);
    for await (const item of it.deckhand.follow(sessionId, { afterSeq: 0, signal })) {
      if (item.kind !== 'entry' || item.entry.event.type !== 'run.progressed') continue;
      if (item.entry.event.step === 'checks') break;
    }
    const askedAt = Date.now();
    await it.deckhand.send(sessionId, { type: 'stop_run' }, ana);
    expect(await seen(it, sessionId, 'run.stopped')).toMatchObject({ change: { fileCount: 1 } });
    expect(Date.now() - askedAt).toBeLessThan(10_000);
  });
});

describe('work after a merge', () => {
  it('begins at the base’s new head and is counted from there', async () => {
    const host = createHost();
    let files = 0;
    const it = await start(() => [{ do: 'write', path: `f${++files}.txt`, text: 'x\n' }, says('ok')], {
      host,
    });
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.finished');
    await it.deckhand.send(
      sessionId,
      { type: 'request_pull_request', title: 'T', body: '', draft: false },
      ana,
    );
    await seen(it, sessionId, 'pull_request.opened');
    const { branch } = (await it.deckhand.session(sessionId))?.summary ?? { branch: '' };
    const origin = ['-C', join(dir, 'origin.git')];
    await gitOrFail('local', [...origin, 'update-ref', 'refs/heads/main', `refs/heads/${branch}`]);
    for (const opened of host.opened) host.tell({ ...opened, state: 'merged', mergedBy: 'Bo' });
    await seen(it, sessionId, 'pull_request.merged');
    const again = { type: 'request_pull_request' as const, title: 'T', body: '', draft: false };
    expect(await it.deckhand.send(sessionId, again, ana)).toEqual({ refused: 'nothing_to_publish' });
    await it.deckhand.requestTurn(sessionId, { key: 'second', text: 'more' }, ana);
    expect(await seen(it, sessionId, 'run.finished', 2)).toMatchObject({
      change: { files: [{ path: 'f2.txt' }] },
    });
  });
});
