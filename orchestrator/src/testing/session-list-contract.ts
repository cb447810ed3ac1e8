import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, Conflict, type Entry, type SessionEvent, type SessionId } from '../domain/index.ts';
import type { EventLog, SessionList } from '../ports.ts';
import { collected } from './collected.ts';
import { ANA, SAMPLE_EVENTS } from './sample-events.ts';

export type ListUnderTest = {
  readonly list: SessionList & { rebuild(log: Pick<EventLog, 'read'>, sessionId: SessionId): Promise<void> };
  close(): Promise<void>;
};

type Given = { list(): ListUnderTest['list'] };
type OpenOptions = { title?: string; repository?: string; threadTs?: string; minute?: number };

const OPENED = SAMPLE_EVENTS['session.opened'];
const RUN = [
  SAMPLE_EVENTS['turn.requested'],
  SAMPLE_EVENTS['run.started'],
  SAMPLE_EVENTS['run.prepared'],
  SAMPLE_EVENTS['agent.stepped'],
  SAMPLE_EVENTS['agent.stepped'],
] as const;

/** Entries of one session in order, each a second after the one before. */
export function entriesOf(
  sessionId: SessionId,
  events: readonly SessionEvent[],
  from: { readonly seq?: number; readonly at?: string } = {},
): readonly Entry[] {
  const start = Date.parse(from.at ?? '2026-11-24T10:00:00.000Z');
  return events.map((event, index) => ({
    sessionId,
    seq: (from.seq ?? 1) + index,
    at: new Date(start + index * 1000).toISOString(),
    actor: event.type.startsWith('agent.') ? AGENT : ANA,
    event,
  }));
}

/** What every session list does. `makeList` gives an empty one each time. */
export function describeSessionListContract(name: string, makeList: () => Promise<ListUnderTest>): void {
  describe(`the session list on ${name}`, () => {
    let given: ListUnderTest;
    beforeEach(async () => {
      given = await makeList();
    });
    afterEach(() => given.close());
    const parts: Given = { list: () => given.list };
    describe('apply', () => describeApply(parts));
    describe('rebuild', () => describeRebuild(parts));
    describe('find', () => describeFind(parts));
    describe('a look-up', () => describeLookUps(parts));
  });
}

function opened({ title = 'Fix it', repository = 'acme/shop', threadTs, minute = 0 }: OpenOptions) {
  const trigger = threadTs
    ? ({ kind: 'slack_message', team: 'T', channel: 'C', threadTs } as const)
    : ({ kind: 'console' } as const);
  const at = new Date(Date.UTC(2026, 10, 24, 10, minute)).toISOString();
  return { event: { ...OPENED, title, repository, trigger } satisfies SessionEvent, at };
}

function describeApply({ list }: Given): void {
  it('tells where a session is', async () => {
    await list().apply('ses_A', entriesOf('ses_A', [OPENED, ...RUN, SAMPLE_EVENTS['run.finished']]));
    expect(await list().get('ses_A')).toEqual({
      sessionId: 'ses_A',
      seq: 7,
      status: 'idle',
      title: 'Fix the basket total',
      repository: 'acme/shop',
      branch: 'deckhand/basket-total',
      openedBy: ANA,
      openedAt: '2026-11-24T10:00:00.000Z',
      updatedAt: '2026-11-24T10:00:06.000Z',
      thread: { team: 'T0ACME', channel: 'C0SHOP', threadTs: '1764000000.000100' },
      turns: 1,
      runs: 1,
      costUsd: 0.025,
      model: 'demo/scripted',
      lastOutcome: 'finished',
      waitingFor: null,
      change: { additions: 12, deletions: 3, fileCount: 1 },
      pullRequest: null,
    });
  });

  it('is the same whatever pieces the entries come in, and when they come twice', async () => {
    const entries = entriesOf('ses_A', [OPENED, ...RUN]);
    await list().apply('ses_A', entries);
    const whole = await list().get('ses_A');
    await list().apply('ses_A', entries);
    await list().apply('ses_A', entries.slice(2));
    for (const entry of entriesOf('ses_B', [{ ...OPENED, trigger: { kind: 'console' } }, ...RUN])) {
      await list().apply('ses_B', [entry]);
    }
    expect(await list().get('ses_A')).toEqual(whole);
    expect(await list().get('ses_B')).toEqual({ ...whole, sessionId: 'ses_B', thread: null });
  });

  it('says so when entries between are missing, and changes nothing', async () => {
    const entries = entriesOf('ses_A', [OPENED, ...RUN]);
    await expect(list().apply('ses_A', entries.slice(1))).rejects.toBeInstanceOf(Conflict);
    await list().apply('ses_A', entries.slice(0, 2));
    await expect(list().apply('ses_A', entries.slice(3))).rejects.toBeInstanceOf(Conflict);
    expect(await list().get('ses_A')).toMatchObject({ seq: 2 });
  });

  it('counts each entry once, however many bring it', async () => {
    const entries = entriesOf('ses_A', [OPENED, ...RUN]);
    await Promise.all(Array.from({ length: 10 }, () => list().apply('ses_A', entries)));
    expect(await list().get('ses_A')).toMatchObject({ seq: 6, turns: 1, costUsd: 0.025 });
  });

  it('keeps a thread for one session', async () => {
    await list().apply('ses_A', entriesOf('ses_A', [OPENED]));
    await expect(list().apply('ses_B', entriesOf('ses_B', [OPENED]))).rejects.toThrow();
    expect(await list().inThread({ team: 'T0ACME', channel: 'C0SHOP', threadTs: '1764000000.000100' })).toBe(
      'ses_A',
    );
  });
}

function describeRebuild({ list }: Given): void {
  it('makes a summary again from its log', async () => {
    const entries = entriesOf('ses_A', [OPENED, ...RUN]);
    const log: Pick<EventLog, 'read'> = {
      read: async (_sessionId, { afterSeq, limit }) =>
        entries.filter(({ seq }) => seq > afterSeq).slice(0, limit),
    };
    await list().rebuild(log, 'ses_A');
    expect(await list().get('ses_A')).toMatchObject({ seq: 6, status: 'running', costUsd: 0.025 });
    await list().rebuild(log, 'ses_A');
    expect(await list().get('ses_A')).toMatchObject({ seq: 6, status: 'running', costUsd: 0.025 });
  });

  it('makes none for a session without a log', async () => {
    await list().rebuild({ read: async () => [] }, 'ses_none');
    expect(await list().get('ses_none')).toBeNull();
  });
}

function describeFind({ list }: Given): void {
  const open = async (sessionId: SessionId, options: OpenOptions) => {
    const { event, at } = opened(options);
    await list().apply(sessionId, entriesOf(sessionId, [event], { at }));
  };
  const found = async (query: Omit<Parameters<SessionList['find']>[0], 'limit'>) =>
    (await list().find({ ...query, limit: 100 })).items.map(({ sessionId }) => sessionId);

  it('gives the newest activity first, page by page, each once', async () => {
    for (let index = 0; index < 25; index += 1)
      await open(`ses_${String(index).padStart(2, '0')}`, { minute: Math.floor(index / 5) });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list().find({ limit: 4, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ sessionId }) => sessionId));
      cursor = page.next;
    } while (cursor);
    expect(seen).toEqual(
      Array.from({ length: 25 }, (_, index) => `ses_${String(24 - index).padStart(2, '0')}`),
    );
  });

  it('brings a session to the top when something happens in it', async () => {
    await open('ses_A', { minute: 1 });
    await open('ses_B', { minute: 2 });
    await list().apply('ses_A', entriesOf('ses_A', [RUN[0]], { seq: 2, at: '2026-11-24T11:00:00.000Z' }));
    expect(await found({})).toEqual(['ses_A', 'ses_B']);
  });

  it('finds by status and repository', async () => {
    await open('ses_A', { minute: 1 });
    await open('ses_B', { minute: 2, repository: 'acme/docs' });
    await list().apply('ses_A', entriesOf('ses_A', [SAMPLE_EVENTS['session.closed']], { seq: 2 }));
    expect(await found({ status: 'closed' })).toEqual(['ses_A']);
    expect(await found({ repository: 'acme/docs' })).toEqual(['ses_B']);
    expect(await found({ repository: 'acme/docs', status: 'closed' })).toEqual([]);
  });

  it('finds by the beginnings of words in the title, taken as they are written', async () => {
    await open('ses_A', { minute: 2, title: 'Fix the FLAKY test (100% CPU) in Größe' });
    await open('ses_B', { minute: 1, title: 'Write a test for .* and _' });
    expect(await found({ text: 'test' })).toEqual(['ses_A', 'ses_B']);
    expect(await found({ text: ' Flak  fix ' })).toEqual(['ses_A']);
    expect(await found({ text: 'GRÖ' })).toEqual(['ses_A']);
    expect(await found({ text: '100% 100' })).toEqual(['ses_A']);
    expect(await found({ text: 'laky' })).toEqual([]);
    expect(await found({ text: 'test missing' })).toEqual([]);
  });

  it('starts at the start for a cursor that is not one of ours', async () => {
    await open('ses_A', {});
    expect(await found({ cursor: '' })).toEqual(['ses_A']);
    expect(await found({ cursor: 'bm90IGEgY3Vyc29y' })).toEqual(['ses_A']);
  });
}

function describeLookUps({ list }: Given): void {
  it('finds a session by its thread and by its pull request', async () => {
    const events = [OPENED, SAMPLE_EVENTS['pull_request.requested'], SAMPLE_EVENTS['pull_request.opened']];
    await list().apply('ses_A', entriesOf('ses_A', events));
    const thread = { team: 'T0ACME', channel: 'C0SHOP', threadTs: '1764000000.000100' };
    expect(await list().inThread(thread)).toBe('ses_A');
    expect(await list().inThread({ ...thread, channel: 'C1' })).toBeNull();
    expect(await list().withPullRequest('acme/shop', 7)).toBe('ses_A');
    expect(await list().withPullRequest('acme/docs', 7)).toBeNull();
    expect(await list().get('ses_none')).toBeNull();
  });

  it('names the sessions in which something is left to do', async () => {
    const { event } = opened({});
    const scenes: Readonly<Record<string, readonly SessionEvent[]>> = {
      opened: [event],
      asked: [event, RUN[0]],
      running: [event, ...RUN],
      waiting: [event, ...RUN, SAMPLE_EVENTS['run.failed']],
      finished: [event, ...RUN, SAMPLE_EVENTS['run.finished']],
      publishing: [event, ...RUN, SAMPLE_EVENTS['run.finished'], SAMPLE_EVENTS['pull_request.requested']],
      cancelled: [event, RUN[0], SAMPLE_EVENTS['turn.cancelled']],
      closed: [event, RUN[0], SAMPLE_EVENTS['session.closed']],
    };
    for (const [scene, events] of Object.entries(scenes))
      await list().apply(`ses_${scene}`, entriesOf(`ses_${scene}`, events));
    expect(await collected(list().unsettled())).toEqual([
      'ses_asked',
      'ses_publishing',
      'ses_running',
      'ses_waiting',
    ]);
  });
}
