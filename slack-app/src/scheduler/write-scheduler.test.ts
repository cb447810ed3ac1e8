import { noFaults } from 'orchestrator/platform/fault-points';
import { createLogger } from 'orchestrator/platform/log';
import { until } from 'orchestrator/testing/until';
import { afterEach, describe, expect, it } from 'vitest';
import { type Budgets, createBudgets } from './budgets.ts';
import type { CallRequest, Verdict } from './scheduler-types.ts';
import { createWriteScheduler, type WriteScheduler } from './write-scheduler.ts';

let scheduler: WriteScheduler | null = null;
afterEach(() => scheduler?.close());

class Refused extends Error {
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super(verdict.means);
    this.verdict = verdict;
  }
}

function create(
  probe: () => Promise<unknown> = () => Promise.resolve(),
  { budgets = createBudgets(), now = Date.now }: { budgets?: Budgets; now?: () => number } = {},
): WriteScheduler {
  scheduler = createWriteScheduler({
    budgets,
    clock: { now },
    faults: noFaults,
    log: createLogger({ service: 'slack-app', level: 'silent' }),
    verdictOf: (error) => (error instanceof Refused ? error.verdict : { means: 'failed' }),
    probe,
    probeEveryMs: 40,
  });
  return scheduler;
}

const update = (overrides: Partial<CallRequest> = {}): CallRequest => ({
  method: 'chat.update',
  channel: 'C1',
  lane: 'card',
  party: 'ses_1',
  ...overrides,
});
const post = (channel: string, overrides: Partial<CallRequest> = {}) =>
  update({ method: 'chat.postMessage', channel, ...overrides });

/** A call that Slack puts off once. */
function putOff(waitMs: number | null, done: string[], name: string): () => Promise<void> {
  let isFirst = true;
  return async () => {
    if (isFirst) {
      isFirst = false;
      throw new Refused({ means: 'later', waitMs });
    }
    done.push(name);
  };
}

describe('the write scheduler', () => {
  it('sends of several edits of one message that wait only the newest, in the place of the oldest', async () => {
    const { run, figures } = create();
    const sent: number[] = [];
    // The budget's burst goes first, so that what follows waits.
    const { available } = (await figures()).budgets[0] ?? { available: 0 };
    await Promise.all(Array.from({ length: available }, () => run(update(), () => Promise.resolve())));
    const edits = [1, 2, 3].map((version) =>
      run(update({ key: 'C1:1.0' }), async () => {
        sent.push(version);
      }),
    );
    expect(await edits[0]).toEqual({ sent: false, why: 'replaced' });
    expect(await edits[1]).toEqual({ sent: false, why: 'replaced' });
    expect((await figures()).budgets[0]?.waiting).toBe(1);
    expect((await figures()).coalesced).toBe(2);
    expect(await edits[2]).toMatchObject({ sent: true });
    expect(sent).toEqual([3]);
  });

  it('waits as long as Slack says, without holding up another channel or method', async () => {
    let time = 1_000_000;
    const { run, figures } = create(undefined, { now: () => time });
    const done: string[] = [];
    const slow = run(post('C1', { lane: 'final' }), putOff(300, done, 'slow'));
    await until(async () => (await figures()).rateLimited === 1, 'Slack says to wait');
    await run(post('C2'), async () => void done.push('other channel'));
    time += 299;
    await run(update(), async () => void done.push('other method'));
    time += 1;
    await slow;
    expect(done).toEqual(['other channel', 'other method', 'slow']);
  });

  it('sends what became due between its last look and its timer', async () => {
    let time = 1_000_000;
    let isEmpty = true;
    // Two milliseconds pass with each look at the clock, so a wait of five is over before the timer is set.
    const now = () => {
      time += 2;
      return time;
    };
    const take = async () => {
      const waitMs = isEmpty ? 5 : 0;
      isEmpty = false;
      return waitMs;
    };
    const { run } = create(undefined, { now, budgets: { take, available: async () => 1 } });
    expect(await run(post('C1'), async () => 'sent')).toEqual({ sent: true, value: 'sent' });
  });

  it('stops everything while Slack refuses the token, and goes on after a probe that is answered', async () => {
    let isGood = false;
    let probes = 0;
    const { run, refusal } = create(async () => {
      probes += 1;
      if (!isGood) throw new Error('refused');
    });
    const tries: string[] = [];
    const first = run(post('C1'), async () => {
      tries.push('first');
      if (!isGood) throw new Refused({ means: 'refused', code: 'token_revoked' });
    });
    await until(() => refusal() !== null, 'the refusal');
    const second = run(post('C2'), async () => void tries.push('second'));
    await until(() => probes >= 2, 'two probes');
    expect(tries).toEqual(['first']);
    isGood = true;
    await Promise.all([first, second]);
    expect(refusal()).toBeNull();
  });

  it('drops what is of no use any more, hands failures on, and answers what waits when it closes', async () => {
    const { run, figures, close } = create();
    await expect(run(update(), () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
    const waiting = run(post('C1'), putOff(60_000, [], 'late'));
    await until(async () => (await figures()).rateLimited === 1, 'Slack says to wait');
    const form = await run(post('C1', { expiresAt: Date.now() + 20 }), () => Promise.resolve());
    expect(form).toEqual({ sent: false, why: 'expired' });
    await close();
    expect(await waiting).toEqual({ sent: false, why: 'closed' });
    expect(await run(update(), () => Promise.resolve())).toEqual({ sent: false, why: 'closed' });
  });
});
