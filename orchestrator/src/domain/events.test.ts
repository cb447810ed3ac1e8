import { describe, expect, it } from 'vitest';
import { ANA, SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { entrySchema, factSchema, isFact, traceSchema } from './index.ts';

const entry = { sessionId: 'ses_A', seq: 1, at: '2026-11-24T10:00:00.000Z', actor: ANA } as const;

describe('every type of event', () => {
  it('is in the samples, and nothing else is', () => {
    const types = [...factSchema.options, ...traceSchema.options].map((option) => option.shape.type.value);
    expect(Object.keys(SAMPLE_EVENTS).toSorted()).toEqual(types.toSorted());
  });

  it.each(Object.entries(SAMPLE_EVENTS))('%s is written and read as it is', (_type, event) => {
    const written: unknown = JSON.parse(JSON.stringify({ ...entry, event }));
    expect(entrySchema.parse(written)).toEqual({ ...entry, event });
  });

  it.each(Object.entries(SAMPLE_EVENTS))('%s is a fact or trace, by its union', (_type, event) => {
    expect(factSchema.safeParse(event).success).toBe(isFact(event));
    expect(traceSchema.safeParse(event).success).toBe(!isFact(event));
  });
});

describe('an entry', () => {
  const event = SAMPLE_EVENTS['session.opened'];

  it.each([
    ['of no type that is known', { ...entry, event: { ...event, type: 'session.vanished' } }],
    ['with an id of another kind', { ...entry, event, sessionId: 'run_A' }],
    ['with an id that is a path', { ...entry, event, sessionId: 'ses_../A' }],
    ['without a place in its log', { ...entry, event, seq: 0 }],
    ['without an actor', { ...entry, event, actor: { kind: 'nobody' } }],
    ['at no moment', { ...entry, event, at: 'yesterday' }],
    [
      'with a failure that is not in the catalogue',
      { ...entry, event: { ...SAMPLE_EVENTS['run.failed'], code: 'x.y' } },
    ],
  ])('%s is refused', (_what, written) => {
    expect(entrySchema.safeParse(written).success).toBe(false);
  });

  it('of a newer release, with fields that we do not know, is read without them', () => {
    const written = { ...entry, event: { ...event, colour: 'blue' }, shard: 7 };
    expect(entrySchema.parse(written)).toEqual({ ...entry, event });
  });
});
