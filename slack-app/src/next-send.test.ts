import { describe, expect, it } from 'vitest';
import { nextSend, type SendingState, type Wanted } from './next-send.ts';
import type { OutboxRow } from './outbox.ts';

const OPTIONS = { now: 10_000, intervalMs: 3_000, gate: { opensAt: () => 0 } };

function wanted(key: string, hash: string, phase = 'running'): Wanted {
  return { key, hash, phase, lane: 'card', content: { kind: 'message', text: '', blocks: [] } };
}

function row(slot: string, sentHash: string | null, overrides: Partial<OutboxRow> = {}): [string, OutboxRow] {
  const base: OutboxRow = {
    _id: slot,
    sessionId: 'ses_1',
    slot,
    channel: 'C1',
    threadTs: '1.0',
    state: 'sent',
    ts: '2.0',
    sentHash,
    sentPhase: 'running',
    reason: null,
  };
  return [slot, { ...base, ...overrides }];
}

function state(parts: Partial<SendingState>): SendingState {
  return { wanted: [], rows: new Map(), sentAt: new Map(), retryAt: new Map(), ...parts };
}

describe('what is sent next', () => {
  it('is what is missing, in its order, before any edit', () => {
    const next = nextSend(
      state({
        wanted: [wanted('card', 'b', 'done'), wanted('final', 'x')],
        rows: new Map([row('card', 'a')]),
      }),
      OPTIONS,
    );
    expect(next).toMatchObject({ do: 'send', method: 'post', slot: { key: 'final' } });
  });

  it('waits for the interval when nothing but details changed', () => {
    const running = state({
      wanted: [wanted('card', 'b')],
      rows: new Map([row('card', 'a')]),
      sentAt: new Map([['card', 9_000]]),
    });
    expect(nextSend(running, OPTIONS)).toEqual({ do: 'wait', until: 12_000 });
    expect(nextSend({ ...running, wanted: [wanted('card', 'b', 'done')] }, OPTIONS)).toMatchObject({
      do: 'send',
      method: 'update',
    });
  });

  it('is nothing when all is as it should be, or refused for good', () => {
    const rows = new Map([row('card', 'a'), row('final', 'old', { state: 'stuck' })]);
    expect(nextSend(state({ wanted: [wanted('card', 'a'), wanted('final', 'new')], rows }), OPTIONS)).toEqual(
      {
        do: 'nothing',
      },
    );
  });

  it('goes past a message that has to wait to the others', () => {
    const next = nextSend(
      state({ wanted: [wanted('a', '1'), wanted('b', '1')], retryAt: new Map([['a', 60_000]]) }),
      OPTIONS,
    );
    expect(next).toMatchObject({ do: 'send', slot: { key: 'b' } });
  });

  it('waits as long as Slack asked for', () => {
    const next = nextSend(state({ wanted: [wanted('a', '1')] }), {
      ...OPTIONS,
      gate: { opensAt: () => 40_000 },
    });
    expect(next).toEqual({ do: 'wait', until: 40_000 });
  });
});
