import { describe, expect, it } from 'vitest';
import { FAILURES, isFailureCode, QUEUE_LIMIT, REFUSALS, UpstreamError } from './index.ts';

/** What is shorter says nothing, what is longer is not read in a chat. */
const SENTENCE = { shortest: 12, longest: 160 } as const;

const SENTENCES: readonly (readonly [string, string])[] = [
  ...Object.entries(FAILURES).map(([code, { sentence }]) => [code, sentence] as const),
  ...Object.entries(REFUSALS),
];

describe('what a person reads', () => {
  it.each(SENTENCES)('of %s is a sentence: %s', (_code, sentence) => {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence.length).toBeGreaterThanOrEqual(SENTENCE.shortest);
    expect(sentence.length).toBeLessThanOrEqual(SENTENCE.longest);
  });

  it('is never the same for two codes', () => {
    const texts = SENTENCES.map(([, sentence]) => sentence);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('names the number of requests that may wait', () => {
    expect(QUEUE_LIMIT).toBe(10);
    expect(REFUSALS.queue_full).toMatch(/^Ten /);
  });
});

describe('a failure code', () => {
  it.each(Object.keys(FAILURES))('%s is area.reason', (code) => {
    expect(code).toMatch(/^[a-z_]+\.[a-z_]+$/);
    expect(isFailureCode(code)).toBe(true);
  });

  it('is not just any name, nor one that every object has', () => {
    expect(isFailureCode('run.unknown')).toBe(false);
    expect(isFailureCode('toString')).toBe(false);
  });

  it('says whether trying again helps, unless who throws knows better', () => {
    expect(new UpstreamError('slack.refused', 'x').retryable).toBe(false);
    expect(new UpstreamError('slack.refused', 'x', { retryable: true }).retryable).toBe(true);
  });
});
