import { describe, expect, it } from 'vitest';
import { CONNECTED } from '../../testing/fake-delivery.ts';
import { verdict } from './health-words.ts';

const connecting = { ...CONNECTED.connection, state: 'connecting' } as const;
const refused = { ...CONNECTED.connection, state: 'refused' } as const;

describe('the verdict on delivery', () => {
  it('is good when Slack is connected and takes everything', () => {
    expect(verdict(CONNECTED).tone).toBe('good');
  });

  it('warns when people wait for results that are there', () => {
    const late = (oldestFinalMs: number) => ({
      ...CONNECTED,
      writes: { ...CONNECTED.writes, oldestFinalMs },
    });
    expect(verdict(late(30_000)).tone).toBe('good');
    expect(verdict(late(30_001)).sentence).toMatch(/^Results are late/);
  });

  it('names what a person has to mend before what mends itself', () => {
    expect(verdict({ ...CONNECTED, connection: connecting })).toMatchObject({ tone: 'warn' });
    expect(verdict({ ...CONNECTED, connection: connecting, stuckCount: 1 }).sentence).toMatch(
      /^One message is stuck/,
    );
    expect(verdict({ ...CONNECTED, connection: refused, stuckCount: 1 }).sentence).toMatch(/^Slack refuses/);
  });
});
