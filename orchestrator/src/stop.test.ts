import type { AgentRuntime, Sandbox } from 'sandboxes';
import { createHold, type SceneCue, type SceneStep } from 'sandboxes/testing/scripted-agent';
import { describe, expect, it } from 'vitest';
import { type Actor, type Entry, isRefused, type SessionId, type TurnId } from './domain/index.ts';
import type { Orchestrator } from './main.ts';
import { ana, ask, createHost, provider, seen, start, useScriptedWorld } from './testing/scripted-world.ts';

useScriptedWorld();

const guest: Actor = { kind: 'member', id: 'U9', name: 'Chidi', guest: true };
const says = (text: string): SceneStep => ({ do: 'end', outcome: { type: 'finished', text } });
const writes = (path: string): SceneStep => ({ do: 'write', path, text: `${path}\n` });
const stop = { type: 'stop_run' } as const;

type EventOf<Type extends Entry['event']['type']> = Extract<Entry['event'], { type: Type }>;

async function event<Type extends Entry['event']['type']>(
  it: Orchestrator,
  sessionId: SessionId,
  type: Type,
  times = 1,
): Promise<EventOf<Type>> {
  // `seen` answers with an event of the type that was asked for.
  return (await seen(it, sessionId, type, times)) as EventOf<Type>;
}

async function follow(it: Orchestrator, sessionId: SessionId, text: string): Promise<TurnId> {
  const requested = await it.deckhand.requestTurn(sessionId, { key: text, text }, ana);
  if (isRefused(requested)) throw new Error(requested.refused);
  return requested.turnId;
}

async function sandboxOf(it: Orchestrator, sessionId: SessionId): Promise<Sandbox> {
  const { sandboxId } = await event(it, sessionId, 'run.prepared');
  const sandbox = await provider.get(sandboxId);
  if (!sandbox) throw new Error('the sandbox is gone');
  return sandbox;
}

async function filesIn(sandbox: Sandbox): Promise<readonly string[]> {
  const { stdout } = await sandbox.exec(['ls']);
  return stdout.split('\n').filter((name) => name.endsWith('.txt'));
}

async function types(it: Orchestrator, sessionId: SessionId): Promise<readonly string[]> {
  const log = await it.deckhand.log(sessionId, { afterSeq: 0, limit: 1000 });
  return log.map((entry) => entry.event.type);
}

/** An agent that does not hear an abort, with a command of its own that nobody ends. */
function deaf(runtime: AgentRuntime): AgentRuntime {
  return {
    start: async (options, signal) => {
      const agent = await runtime.start(options, signal);
      return {
        ...agent,
        open: async (about) => {
          const session = await agent.open(about);
          const never = new AbortController().signal;
          return { ...session, run: (prompt, to) => session.run(prompt, { ...to, signal: never }) };
        },
      };
    },
  };
}

describe('a stop', () => {
  it('keeps the work, leaves nothing running, and says who asked and what the agent said last', async () => {
    const hold = createHold();
    const server = { started: Promise.resolve<unknown>(null) };
    const scene = ({ sandbox }: SceneCue): SceneStep[] => {
      // It leaves the group and the session that it was started in, as a forgotten development server does.
      server.started = sandbox.serve(['setsid', 'sleep', '600']);
      return [
        writes('half.txt'),
        { do: 'emit', event: { type: 'text', id: 't', text: 'Half-way there.' } },
        { do: 'hold', hold },
      ];
    };
    const it = await start(scene);
    const sessionId = await ask(it, 'go');
    await hold.reached;
    await server.started;
    const sandbox = await sandboxOf(it, sessionId);
    expect(await sandbox.processes()).not.toEqual([]);
    await it.deckhand.send(sessionId, stop, ana);
    const stopped = await event(it, sessionId, 'run.stopped');
    expect(stopped).toMatchObject({ by: ana, summary: 'Half-way there.', change: { fileCount: 1 } });
    expect(await sandbox.processes()).toEqual([]);
    expect((await it.deckhand.session(sessionId))?.summary).toMatchObject({ lastOutcome: 'stopped' });
  });

  it('ends an agent that does not fall silent, and hears nothing of it afterwards', async () => {
    const hold = createHold();
    const late: SceneStep = { do: 'emit', event: { type: 'text', id: 'late', text: 'I go on.' } };
    const it = await start(() => [writes('half.txt'), { do: 'hold', hold }, late], {
      around: deaf,
      limits: { silenceMs: 200 },
    });
    const sessionId = await ask(it, 'go');
    await hold.reached;
    await it.deckhand.send(sessionId, stop, ana);
    expect(await event(it, sessionId, 'run.stopped')).toMatchObject({ change: { fileCount: 1 } });
    hold.release();
    await follow(it, sessionId, 'next');
    await event(it, sessionId, 'run.finished');
    const log = await it.deckhand.log(sessionId, { afterSeq: 0, limit: 1000 });
    const said = log.flatMap((entry) => (entry.event.type === 'agent.said' ? [entry.event.runId] : []));
    const { runId } = await event(it, sessionId, 'run.started', 2);
    expect(said).toEqual([runId]);
  });

  it('is answered when nothing runs, when it was asked for before, and when a guest asks', async () => {
    const hold = createHold();
    const it = await start(() => [{ do: 'hold', hold }]);
    const sessionId = await ask(it, 'go');
    await hold.reached;
    expect(await it.deckhand.send(sessionId, stop, guest)).toEqual({ refused: 'not_allowed' });
    await it.deckhand.send(sessionId, stop, ana);
    const again = await it.deckhand.send(sessionId, stop, ana);
    expect(['already_stopping', 'nothing_running']).toContain(isRefused(again) && again.refused);
    await event(it, sessionId, 'run.stopped');
    expect(await it.deckhand.send(sessionId, stop, ana)).toEqual({ refused: 'nothing_running' });
    const guestAsks = await it.deckhand.requestTurn(sessionId, { key: 'g', text: 'g' }, guest);
    expect(guestAsks).toEqual({ refused: 'not_allowed' });
  });

  it('between two tries is the end of the turn', async () => {
    const it = await start(() => [{ do: 'end', outcome: { type: 'interrupted', reason: 'the agent died' } }]);
    const sessionId = await ask(it, 'go');
    await event(it, sessionId, 'run.failed');
    await it.deckhand.send(sessionId, stop, ana);
    await event(it, sessionId, 'run.stopped');
    expect((await it.deckhand.session(sessionId))?.state.status).toBe('idle');
  });

  it('of a turn that is over leaves the next one alone', async () => {
    const hold = createHold();
    const it = await start(({ turn }) => (turn === 0 ? [says('ok')] : [{ do: 'hold', hold }, says('two')]));
    const sessionId = await ask(it, 'go');
    const { turnId } = await event(it, sessionId, 'turn.requested');
    await event(it, sessionId, 'run.finished');
    await follow(it, sessionId, 'next');
    await hold.reached;
    expect(await it.deckhand.send(sessionId, { ...stop, turnId }, ana)).toEqual({ refused: 'turn_over' });
    hold.release();
    expect(await event(it, sessionId, 'run.finished', 2)).toMatchObject({ summary: 'two' });
  });
});

describe('follow-ups that wait when the work is stopped', () => {
  async function stopped() {
    const hold = createHold();
    const it = await start(({ turn }) => (turn === 0 ? [{ do: 'hold', hold }] : [says('done')]));
    const sessionId = await ask(it, 'go');
    await hold.reached;
    const waiting = [await follow(it, sessionId, 'second'), await follow(it, sessionId, 'third')];
    await it.deckhand.send(sessionId, stop, ana);
    await event(it, sessionId, 'run.stopped');
    return { it, sessionId, waiting };
  }

  it('are held, while a new request runs at once', async () => {
    const { it, sessionId, waiting } = await stopped();
    expect(await event(it, sessionId, 'queue.held')).toMatchObject({ turnIds: waiting });
    const fresh = await follow(it, sessionId, 'fresh');
    await event(it, sessionId, 'run.finished');
    expect(await event(it, sessionId, 'run.started', 2)).toMatchObject({ turnId: fresh });
    expect((await it.deckhand.session(sessionId))?.state).toMatchObject({
      status: 'idle',
      held: [{ text: 'second' }, { text: 'third' }],
    });
  });

  it('go on in their order when somebody says so, once', async () => {
    const { it, sessionId, waiting } = await stopped();
    await it.deckhand.send(sessionId, { type: 'release_held' }, ana);
    expect(await it.deckhand.send(sessionId, { type: 'release_held' }, ana)).toEqual({
      refused: 'nothing_held',
    });
    await event(it, sessionId, 'run.finished', 2);
    const log = await it.deckhand.log(sessionId, { afterSeq: 0, limit: 1000 });
    const started = log.flatMap((entry) => (entry.event.type === 'run.started' ? [entry.event.turnId] : []));
    expect(started.slice(1)).toEqual(waiting);
  });

  it('are cancelled when somebody drops them', async () => {
    const { it, sessionId } = await stopped();
    await it.deckhand.send(sessionId, { type: 'drop_held' }, ana);
    await event(it, sessionId, 'turn.cancelled', 2);
    expect((await it.deckhand.session(sessionId))?.state).toMatchObject({ status: 'idle', held: [] });
  });
});

describe('discarding the work of a stopped turn', () => {
  const scenes = (hold: ReturnType<typeof createHold>) => {
    let turns = 0;
    return (): SceneStep[] => {
      turns += 1;
      if (turns === 1) return [writes('first.txt'), says('one')];
      return turns === 2 ? [writes('second.txt'), { do: 'hold', hold }] : [says('three')];
    };
  };

  it('brings the files back to what they were before it, tells the agent, and happens once', async () => {
    const hold = createHold();
    const it = await start(scenes(hold));
    const sessionId = await ask(it, 'go');
    await event(it, sessionId, 'run.finished');
    const turnId = await follow(it, sessionId, 'more');
    await hold.reached;
    await it.deckhand.send(sessionId, stop, ana);
    await event(it, sessionId, 'run.stopped');
    const sandbox = await sandboxOf(it, sessionId);
    expect(await filesIn(sandbox)).toEqual(['first.txt', 'second.txt']);
    await it.deckhand.send(sessionId, { type: 'discard_work', turnId }, ana);
    expect(await event(it, sessionId, 'work.discarded')).toMatchObject({ change: { fileCount: 1 } });
    expect(await filesIn(sandbox)).toEqual(['first.txt']);
    expect(await it.deckhand.send(sessionId, { type: 'discard_work', turnId }, ana)).toEqual({
      refused: 'nothing_to_discard',
    });
    await follow(it, sessionId, 'go on');
    await event(it, sessionId, 'run.finished', 2);
    expect(it.runtime.prompts[2]?.prompt.text).toContain('discarded');
  });

  it('never goes behind what was pushed, and stopped work is not pushed by itself', async () => {
    const hold = createHold();
    const host = createHost();
    const it = await start(scenes(hold), { host });
    const sessionId = await ask(it, 'go');
    await event(it, sessionId, 'run.finished');
    const publish = { type: 'request_pull_request', title: 'T', body: '', draft: false } as const;
    await it.deckhand.send(sessionId, publish, ana);
    const { headSha: pushed } = await event(it, sessionId, 'pull_request.opened');
    const turnId = await follow(it, sessionId, 'more');
    await hold.reached;
    await it.deckhand.send(sessionId, stop, ana);
    await event(it, sessionId, 'run.stopped');
    await it.deckhand.send(sessionId, { type: 'discard_work', turnId }, ana);
    expect(await event(it, sessionId, 'work.discarded')).toMatchObject({ headSha: pushed });
    expect(await types(it, sessionId)).not.toContain('pull_request.updated');
  });

  it('says so when the sandbox with the work is gone', async () => {
    const hold = createHold();
    const it = await start(() => [writes('half.txt'), { do: 'hold', hold }]);
    const sessionId = await ask(it, 'go');
    const { turnId } = await event(it, sessionId, 'turn.requested');
    await hold.reached;
    await it.deckhand.send(sessionId, stop, ana);
    await event(it, sessionId, 'run.stopped');
    await (await sandboxOf(it, sessionId)).delete();
    await it.deckhand.send(sessionId, { type: 'discard_work', turnId }, ana);
    expect(await event(it, sessionId, 'work.discard_failed')).toMatchObject({ code: 'sandbox.gone' });
  });
});
