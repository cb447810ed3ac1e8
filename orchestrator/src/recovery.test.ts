import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SandboxProvider } from 'sandboxes';
import { createHold, type SceneStep } from 'sandboxes/testing/scripted-agent';
import { describe, expect, it } from 'vitest';
import { type Entry, RETRY_WAITS_MS, type SessionId } from './domain/index.ts';
import type { Orchestrator } from './main.ts';
import {
  ana,
  ask,
  dir,
  provider,
  seen,
  start,
  untilAborted,
  useScriptedWorld,
} from './testing/scripted-world.ts';

useScriptedWorld();

const says = (text: string): SceneStep => ({ do: 'end', outcome: { type: 'finished', text } });
const writes: SceneStep = { do: 'write', path: 'new.txt', text: 'hello\n' };
const text = (words: string): SceneStep => ({ do: 'emit', event: { type: 'text', id: words, text: words } });

async function logOf(it: Orchestrator, sessionId: SessionId): Promise<readonly Entry[]> {
  return it.deckhand.log(sessionId, { afterSeq: 0, limit: 1000 });
}

/** A provider that never gets a sandbox ready: a run begins, and goes no further. */
function slow(): SandboxProvider {
  return {
    ...provider,
    create: (_spec, signal) => untilAborted(signal).then(() => Promise.reject(new Error('aborted'))),
  };
}

/** Sessions whose runs were going on when their process ended. */
async function leftBehind(count: number): Promise<readonly SessionId[]> {
  const first = await start(() => [], { provider: slow(), concurrency: count });
  const ids: SessionId[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await ask(first, 'go', `thread-${index}`));
  for (const sessionId of ids) await seen(first, sessionId, 'run.started');
  await first.close();
  return ids;
}

describe('the next start', () => {
  it('goes on with fifty sessions within five seconds of being ready', async () => {
    const ids = await leftBehind(50);
    const second = await start(() => [], { provider: slow(), concurrency: 50 });
    const readyAt = Date.now();
    // What a thread shows is true from the first moment: no run that is nobody's stands as going on.
    for (const sessionId of ids)
      expect((await logOf(second, sessionId)).map(({ event }) => event.type)).toContain('run.failed');
    for (const sessionId of ids) await seen(second, sessionId, 'run.started', 2);
    const begun = await Promise.all(
      ids.map(async (sessionId) => secondStart(await logOf(second, sessionId))),
    );
    expect(Math.max(...begun) - readyAt).toBeLessThan(5_000);
  });

  it('goes on with every session but one whose log it cannot read, as one that a newer release wrote', async () => {
    const [broken = 'ses_none', sound = 'ses_none'] = await leftBehind(2);
    addUnknownEntry(broken);
    const second = await start(() => [], { provider: slow() });
    await seen(second, sound, 'run.started', 2);
  });

  it('goes on with what was under way before it begins what only waited', async () => {
    const first = await start(() => [], { provider: slow(), concurrency: 1 });
    // Ids are made of the keys and not in the order of the requests.
    const running = await ask(first, 'go', 'running');
    await seen(first, running, 'run.started');
    for (let index = 0; index < 10; index += 1) await ask(first, 'go', `waiting-${index}`);
    await first.close();
    const second = await start(() => [], { provider: slow(), concurrency: 1 });
    await seen(second, running, 'run.started', 2);
    const { items } = await second.deckhand.sessions({ limit: 100 });
    expect(items.filter(({ runs }) => runs > 0).map(({ sessionId }) => sessionId)).toEqual([running]);
  });

  it('makes a stop of what somebody had stopped, with the work and nothing running', async () => {
    const hold = createHold();
    const first = await start(() => [writes, text('Half-way.'), { do: 'hold', hold }]);
    const sessionId = await ask(first, 'go');
    await hold.reached;
    // Written down, and the process ends before anybody obeys.
    const stopped = first.deckhand.send(sessionId, { type: 'stop_run' }, ana);
    const closed = first.close();
    await stopped;
    await closed;
    const second = await start(() => [says('never')]);
    expect(await seen(second, sessionId, 'run.stopped')).toMatchObject({
      by: ana,
      summary: 'Half-way.',
      change: { fileCount: 1 },
    });
    expect(second.runtime.prompts).toEqual([]);
    for await (const { id } of provider.list({ session: sessionId }))
      expect(await (await provider.get(id))?.processes()).toEqual([]);
  });

  it('tells an agent that has forgotten what was done before', async () => {
    const hold = createHold();
    const plan: SceneStep = {
      do: 'emit',
      event: { type: 'todos', todos: [{ text: 'find the bug', status: 'completed' }] },
    };
    let turns = 0;
    const first = await start(() => {
      turns += 1;
      return turns === 1
        ? [says('I added a button.')]
        : [plan, text('It is in cart.js.'), { do: 'hold', hold }];
    });
    const thread = `<thread>\n${'Bo: what a day\n'.repeat(40)}</thread>`;
    const sessionId = await ask(first, `${thread}\n\nadd a button`);
    await seen(first, sessionId, 'run.finished');
    await first.deckhand.requestTurn(sessionId, { key: 'two', text: 'fix the bug' }, ana);
    await hold.reached;
    await first.close();
    // The second runtime knows nothing of the conversation.
    const second = await start(() => [says('Fixed.')]);
    await seen(second, sessionId, 'run.finished', 2);
    const told = second.runtime.prompts[0]?.prompt.text ?? '';
    for (const part of [
      'Asked: add a button',
      'I added a button.',
      'completed: find the bug',
      'It is in cart.js.',
      'fix the bug',
    ])
      expect(told).toContain(part);
    expect(told).not.toContain('what a day');
  });

  it('gives up a turn that takes the process with it each time, and keeps its work', {
    timeout: 60_000,
  }, async () => {
    let sessionId: SessionId | null = null;
    for (let tries = 0; tries <= RETRY_WAITS_MS.length; tries += 1) {
      const hold = createHold();
      const it = await start(() => [writes, { do: 'hold', hold }]);
      sessionId ??= await ask(it, 'go');
      await hold.reached;
      await it.close();
    }
    const last = await start(() => [says('never')]);
    const failed = await seen(last, sessionId ?? 'ses_none', 'run.failed', RETRY_WAITS_MS.length + 1);
    expect(failed).toMatchObject({ code: 'run.lost', retryAt: null, change: { fileCount: 1 } });
    expect(last.runtime.prompts).toEqual([]);
    expect((await last.deckhand.session(sessionId ?? 'ses_none'))?.state.status).toBe('idle');
  });
});

describe('a closed session', () => {
  it('goes on with its work when somebody writes into it', async () => {
    const it = await start(() => [writes, says('ok')]);
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.finished');
    await it.deckhand.send(sessionId, { type: 'close_session', reason: 'done' }, ana);
    await it.deckhand.requestTurn(sessionId, { key: 'again', text: 'more' }, ana);
    await seen(it, sessionId, 'run.finished', 2);
    const log = await logOf(it, sessionId);
    const places = log.flatMap(({ event }) => (event.type === 'run.prepared' ? [event] : []));
    expect(places.map(({ resumed }) => resumed)).toEqual([false, true]);
    expect(places[1]?.sandboxId).toBe(places[0]?.sandboxId);
    expect((await it.deckhand.session(sessionId))?.state).toMatchObject({ change: { fileCount: 1 } });
  });

  it('cancels what waited when it was closed between two tries', async () => {
    const it = await start(() => [{ do: 'end', outcome: { type: 'interrupted', reason: 'gone' } }]);
    const sessionId = await ask(it, 'go');
    await seen(it, sessionId, 'run.failed');
    await it.deckhand.requestTurn(sessionId, { key: 'two', text: 'two' }, ana);
    await it.deckhand.send(sessionId, { type: 'close_session', reason: 'done' }, ana);
    const types = (await logOf(it, sessionId)).map(({ event }) => event.type);
    expect(types.slice(-3)).toEqual(['run.stopped', 'turn.cancelled', 'session.closed']);
  });
});

/** Writes an entry behind a session's log whose type nobody here knows. */
function addUnknownEntry(sessionId: SessionId): void {
  const store = new DatabaseSync(join(dir, 'db.sqlite'));
  const last = store
    .prepare('SELECT doc FROM entries WHERE id LIKE ? ORDER BY id DESC LIMIT 1')
    .get(`${sessionId}:%`);
  const entry = JSON.parse(String(last?.['doc']));
  const seq = entry.seq + 1;
  const _id = String(entry._id).replace(/\d+$/, (digits) => String(seq).padStart(digits.length, '0'));
  const doc = { ...entry, _id, seq, event: { type: 'run.dreamt' } };
  store.prepare('INSERT INTO entries (id, doc) VALUES (?, ?)').run(_id, JSON.stringify(doc));
  store.close();
}

/** When the second run was started, in milliseconds since the epoch. */
function secondStart(log: readonly Entry[]): number {
  const [, second] = log.filter(({ event }) => event.type === 'run.started');
  return Date.parse(second?.at ?? '');
}
