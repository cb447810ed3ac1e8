import { describe, expect, it } from 'vitest';
import { describePlayed, playAll } from '../chaos/campaign.ts';
import type { Evidence, SessionEvidence } from '../chaos/evidence.ts';
import { violations } from '../chaos/invariants.ts';
import { crossedSchedules, type Schedule, scheduleOf } from '../chaos/schedule.ts';
import type { ThreadMessage } from '../chaos/workspace-client.ts';

/** No schedule is begun after this many milliseconds: then the story ends in time on a slow machine too. */
const BUDGET_MS = 60_000;
const RANDOM_SCHEDULES = 30;

/** One kill at each fault point, with random schedules in between. */
function shortForm(): readonly Schedule[] {
  const crossed = crossedSchedules().filter(({ name }) => name.startsWith('kill at') && name.endsWith(' 2'));
  const random = Array.from({ length: RANDOM_SCHEDULES }, (_, index) => scheduleOf(index + 1));
  return random.flatMap((schedule, index) => [...crossed.slice(index, index + 1), schedule]);
}

describe('Deckhand under faults', () => {
  it('keeps every thread right, whenever it is killed and whatever Slack does', {
    timeout: 235_000,
  }, async () => {
    const say = (text: string) => process.stdout.write(`${text}\n`);
    const played = await playAll(shortForm(), {
      jobs: 2,
      budgetMs: BUDGET_MS,
      onPlayed: (one) => say(describePlayed(one)),
    });
    const kills = played.reduce((total, one) => total + one.kills, 0);
    say(`${played.length} schedules ran, with ${kills} kills`);
    expect(played.flatMap((one) => one.violations.map((found) => `${one.name}: ${found}`))).toEqual([]);
    expect(kills).toBeGreaterThan(0);
  });
});

describe('the invariants', () => {
  it('hold where every request has one turn with its card and its final', () => {
    expect(violations(world())).toEqual([]);
  });

  it('see a final that is missing, doubled or untrue', () => {
    const [card, final] = THREAD;
    expect(violations(world({ thread: [card] }))).toEqual([
      `ses_1: the final of trn_1, which is finished, is missing`,
    ]);
    expect(violations(world({ thread: [card, final, final] }))).toEqual([
      'ses_1: its thread holds turn/trn_1/final 2 times',
    ]);
    expect(violations(world({ thread: [{ ...card, text: 'Working on: it' }, final] }))).toEqual([
      'ses_1: the card of trn_1, which is finished, says "Working on: it"',
    ]);
  });

  it('see a request that was lost, and one that became two turns', () => {
    const lost = { ts: '9.000', threadTs: '1.000', as: 'U1', kind: 'request' } as const;
    expect(violations({ ...world(), posts: [...POSTS, lost] })).toEqual([
      'the post 9.000 (request) became 0 turns',
    ]);
    expect(violations({ ...world(), posts: [...POSTS, { ...lost, kind: 'deleted' }] })).toEqual([]);
    const twice = [...world().sessions, ...world().sessions];
    expect(violations({ ...world(), sessions: twice })).toContain('the post 1.000 (request) became 2 turns');
  });

  it('see a turn that never ends, and a log with a gap', () => {
    const { entries } = session();
    expect(violations(world({ entries: entries.slice(0, 3) }))).toContain('ses_1: trn_1 has not ended');
    expect(violations(world({ entries: [...entries.slice(0, 2), ...entries.slice(3)] }))).toContain(
      'ses_1: the log has a gap before entry 4',
    );
  });

  it('see a bug in the log, and none in a failure of Slack', () => {
    const line = (type: string) => ({ level: 50, msg: 'it broke', err: { type, message: 'm', stack: 's' } });
    expect(violations({ ...world(), errors: [line('UpstreamError')] })).toEqual([]);
    expect(violations({ ...world(), errors: [line('TypeError')] })).toEqual([
      'a bug was logged: it broke: s',
    ]);
  });
});

const POSTS = [{ ts: '1.000', threadTs: '1.000', as: 'U1', kind: 'request' }] as const;
const THREAD: readonly [ThreadMessage, ThreadMessage] = [
  message('turn/trn_1/card', 'Done: it'),
  message('turn/trn_1/final', 'Done: had a look'),
];

function message(slot: string, text: string): ThreadMessage {
  return { ts: '2.000', text, blocks: [], metadata: { event_payload: { slot, session: 'ses_1' } } };
}

function world(session_: Partial<SessionEvidence> = {}): Evidence {
  const sessions = [{ ...session(), ...session_ }];
  return { posts: POSTS, sessions, unreadable: [], errors: [], deaths: [] };
}

/** One request that was finished. */
function session(): SessionEvidence {
  const at = '2026-11-23T12:00:00.000Z';
  const actor = { kind: 'system' } as const;
  const events = [
    {
      type: 'session.opened',
      trigger: { kind: 'slack_message', team: 'T1', channel: 'C1', threadTs: '1.000' },
      repository: 'acme/notes',
      baseBranch: 'main',
      branch: 'deckhand/it',
      title: 'it',
    },
    { type: 'turn.requested', turnId: 'trn_1', text: 'it', message: { channel: 'C1', ts: '1.000' } },
    { type: 'run.started', runId: 'run_1', turnId: 'trn_1', attempt: 1, model: 'light/agent' },
    { type: 'run.finished', runId: 'run_1', summary: 'had a look' },
  ] as const;
  const entries = events.map(
    (event, index) => ({ sessionId: 'ses_1', seq: index + 1, at, actor, event }) as const,
  );
  return { sessionId: 'ses_1', threadTs: '1.000', entries, thread: THREAD };
}
