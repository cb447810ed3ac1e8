import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  planSends,
  SEARCH,
  SEARCHING,
  type SendingState,
  type Step,
  type UnderWay,
  type Wanted,
} from './next-sends.ts';
import type { OutboxRow } from './outbox.ts';
import { PRESSING } from './thread-view/slots.ts';

const OPTIONS = { now: 10_000, intervalMs: 3_000, detail: 'live' } as const;

function wanted(key: string, hash: string, overrides: Partial<Wanted> = {}): Wanted {
  return {
    key,
    hash,
    phase: 'running',
    lane: 'card',
    progress: '',
    isOpen: true,
    since: null,
    tell: null,
    content: { kind: 'message', text: '', blocks: [] },
    ...overrides,
  };
}

function row(slot: string, overrides: Partial<OutboxRow> = {}): [string, OutboxRow] {
  const base: OutboxRow = {
    _id: slot,
    sessionId: 'ses_1',
    slot,
    channel: 'C1',
    threadTs: '1.0',
    state: 'sent',
    ts: '2.0',
    sentHash: 'a',
    sentPhase: 'running',
    sent: '',
    wanted: '',
    sentAt: 0,
    tries: 1,
    wasReposted: false,
    problem: null,
    retryAt: null,
    doubtAt: null,
    token: 1,
  };
  return [slot, { ...base, ...overrides }];
}

function state(parts: Partial<SendingState>): SendingState {
  return {
    wanted: [],
    rows: new Map(),
    underWay: new Map(),
    sentAt: new Map(),
    retryAt: new Map(),
    progress: new Map(),
    dueNow: new Set(),
    isAbsent: new Set(),
    mustSearch: false,
    searchAfter: 0,
    ...parts,
  };
}

function busy(overrides: Partial<UnderWay>): UnderWay {
  return { hash: 'a', phase: 'running', lane: 'card', isOnWire: false, ...overrides };
}

const names = (steps: readonly Step[]) =>
  steps.map((step) => (step.do === 'search' ? 'search' : `${step.do} ${step.slot.key}`));

describe('what is sent to a thread', () => {
  it('is one post at a time in their order, in the most urgent lane, and edits beside it', () => {
    const plan = planSends(
      state({
        wanted: [
          wanted('old card', 'b', { phase: 'done' }),
          wanted('card', 'x'),
          wanted('final', 'x', { lane: 'final' }),
        ],
        rows: new Map([row('old card')]),
      }),
      OPTIONS,
    );
    expect(names(plan.steps)).toEqual(['post card', 'update old card']);
    expect(plan.steps[0]).toMatchObject({ lane: 'final' });
  });

  it('is looked for before it is posted when it may be there', () => {
    const unsure = {
      wanted: [wanted('final', 'x')],
      rows: new Map([row('final', { state: 'waiting', ts: null, sentHash: null })]),
    };
    expect(names(planSends(state(unsure), OPTIONS).steps)).toEqual(['search']);
    const absent = state({ ...unsure, isAbsent: new Set(['final']) });
    expect(names(planSends(absent, OPTIONS).steps)).toEqual(['post final']);
    const failed = planSends(state({ ...unsure, searchAfter: 12_000 }), OPTIONS);
    expect(failed).toMatchObject({ steps: [], nextAt: 12_000 });
    const looking = state({ ...unsure, underWay: new Map([[SEARCH, SEARCHING]]) });
    expect(planSends(looking, OPTIONS).steps).toEqual([]);
  });

  it('is nothing else while it is not known what the thread holds', () => {
    const lost = state({ mustSearch: true, wanted: [wanted('card', 'x'), wanted('final', 'x')] });
    expect(names(planSends(lost, OPTIONS).steps)).toEqual(['search']);
  });

  it('is paced, but for news', () => {
    const running = { rows: new Map([row('card')]), sentAt: new Map([['card', 9_000]]) };
    expect(planSends(state({ ...running, wanted: [wanted('card', 'b')] }), OPTIONS)).toMatchObject({
      steps: [],
      nextAt: 12_000,
    });
    const news = state({ ...running, wanted: [wanted('card', 'b', { phase: 'done' })] });
    expect(names(planSends(news, OPTIONS).steps)).toEqual(['update card']);
  });

  it('is less when few edits can be made: milestones, then only what settles', () => {
    const plan = (detail: 'milestones' | 'silent', overrides: Partial<Wanted>) =>
      planSends(
        state({
          rows: new Map([row('card')]),
          progress: new Map([['card', '1 of 3']]),
          wanted: [wanted('card', 'b', { progress: '1 of 3', ...overrides })],
        }),
        { ...OPTIONS, detail },
      );
    expect(plan('milestones', {})).toMatchObject({ steps: [], isHeldBack: true });
    expect(plan('milestones', { progress: '2 of 3' }).steps).toHaveLength(1);
    expect(plan('silent', { progress: '2 of 3', phase: 'asking' })).toMatchObject({ isHeldBack: true });
    expect(plan('silent', { isOpen: false, phase: 'done' }).steps).toHaveLength(1);
    // Somebody waits for the sign that the stop is heard.
    expect(plan('silent', { phase: `running stopping${PRESSING}` }).steps).toHaveLength(1);
  });

  it('replaces an edit that waits, and none that is on the wire', () => {
    const edit = (overrides: Partial<UnderWay>) =>
      planSends(
        state({
          rows: new Map([row('card')]),
          wanted: [wanted('card', 'c')],
          underWay: new Map([['card', busy(overrides)]]),
        }),
        OPTIONS,
      ).steps;
    expect(edit({ hash: 'b', isOnWire: false })).toHaveLength(1);
    expect(edit({ hash: 'b', isOnWire: true })).toHaveLength(0);
    expect(edit({ hash: 'c', isOnWire: false })).toHaveLength(0);
  });

  it('has a post that waits say what is true by now, in the lane of what waits behind it', () => {
    const card = (overrides: Partial<Wanted>, underWay: Partial<UnderWay> = {}) =>
      planSends(
        state({
          wanted: [wanted('card', 'b', overrides), wanted('final', 'x', { lane: 'final' })],
          rows: new Map([row('card', { state: 'waiting', ts: null, sentHash: null })]),
          isAbsent: new Set(['card']),
          underWay: new Map([['card', busy(underWay)]]),
        }),
        OPTIONS,
      ).steps;
    expect(card({})).toMatchObject([{ do: 'post', lane: 'final', slot: { key: 'card' } }]);
    expect(card({}, { lane: 'final' })).toEqual([]);
    expect(card({ phase: 'done' }, { lane: 'final' })).toMatchObject([{ do: 'post', lane: 'final' }]);
    expect(card({ phase: 'done' }, { isOnWire: true })).toEqual([]);
  });

  it('goes past what is stuck or gone', () => {
    const stuck = { state: 'stuck', ts: null, sent: null, sentHash: 'x' } as const;
    const plan = planSends(
      state({
        wanted: [wanted('place', 'x'), wanted('content', 'x'), wanted('gone', 'y'), wanted('final', 'x')],
        rows: new Map([
          row('place', { ...stuck, retryAt: 70_000 }),
          row('content', stuck),
          row('gone', { state: 'gone' }),
        ]),
      }),
      OPTIONS,
    );
    expect(names(plan.steps)).toEqual(['post final']);
    expect(plan.nextAt).toBe(70_000);
  });
});

const anyRow = fc.record({
  state: fc.constantFrom('waiting' as const, 'sent' as const, 'stuck' as const, 'gone' as const),
  ts: fc.constantFrom(null, '2.0'),
  sentHash: fc.constantFrom(null, 'a', 'b'),
  sent: fc.constantFrom(null, 'said'),
  retryAt: fc.constantFrom(null, 0, 5_000, 20_000),
  doubtAt: fc.constantFrom(null, 5_000, 20_000),
});
const anyState = fc
  .record({
    rows: fc.array(fc.option(anyRow), { minLength: 4, maxLength: 4 }),
    absent: fc.array(fc.nat(3)),
    way: fc.option(fc.record({ slot: fc.nat(3), isOnWire: fc.boolean(), hash: fc.constantFrom('a', 'b') })),
    searchAfter: fc.constantFrom(0, 20_000),
    mustSearch: fc.boolean(),
  })
  .map(({ rows, absent, way, searchAfter, mustSearch }) =>
    state({
      wanted: [0, 1, 2, 3].map((slot) => wanted(`${slot}`, 'a', { phase: slot > 1 ? 'done' : 'running' })),
      rows: new Map(rows.flatMap((one, slot) => (one ? [row(`${slot}`, one)] : []))),
      isAbsent: new Set(absent.map(String)),
      underWay: new Map(way ? [[`${way.slot}`, busy(way)]] : []),
      searchAfter,
      mustSearch,
    }),
  );

it('never posts what may be there already, nor two messages at once, and is late for nothing', () => {
  fc.assert(
    fc.property(anyState, (any) => {
      const plan = planSends(any, OPTIONS);
      const posts = plan.steps.flatMap((step) => (step.do === 'post' ? [step.slot.key] : []));
      expect(posts.length).toBeLessThanOrEqual(1);
      for (const key of posts) {
        expect(any.rows.get(key)?.ts ?? null).toBeNull();
        const underWay = any.underWay.get(key);
        // What waits may be replaced: it was looked for before it began to wait.
        expect(!underWay && any.rows.has(key) && !any.isAbsent.has(key)).toBe(false);
        expect(underWay?.isOnWire).not.toBe(true);
      }
      for (const step of plan.steps)
        if (step.do === 'update') expect(any.rows.get(step.slot.key)?.ts).not.toBeNull();
      expect(plan.nextAt === null || plan.nextAt > OPTIONS.now).toBe(true);
      expect(plan.steps.filter((step) => step.do === 'search').length).toBeLessThanOrEqual(1);
    }),
  );
});
