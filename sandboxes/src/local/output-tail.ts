/** The last characters of a text that grows. */
export type OutputTail = { push(chunk: string): void; text(): string };

export function createOutputTail(limit: number): OutputTail {
  let kept = '';
  return {
    push(chunk) {
      kept += chunk;
      // Cut seldom: cutting at each chunk would copy the whole text every time.
      if (kept.length > limit * 2) kept = kept.slice(-limit);
    },
    text: () => (kept.length > limit ? kept.slice(-limit) : kept),
  };
}
