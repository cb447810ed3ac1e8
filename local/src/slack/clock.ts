/** What the workspace needs of time; tests hand in their own. Milliseconds since 1970. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/**
 * Slack's message ids: seconds with six decimals. Each is greater than every one before it, also after a
 * restart (`last` is the newest stored one) and when the machine's clock goes back.
 */
export function createTimestamps(clock: Clock, last: string | null): () => string {
  let lastMicros = last === null ? 0n : BigInt(last.replace('.', ''));
  return () => {
    const nowMicros = BigInt(clock.now()) * 1000n;
    lastMicros = nowMicros > lastMicros ? nowMicros : lastMicros + 1n;
    const digits = lastMicros.toString().padStart(16, '0');
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  };
}
