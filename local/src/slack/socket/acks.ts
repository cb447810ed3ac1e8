/** The acknowledgements that envelopes wait for. */
export function createAcks(timeoutMs: number) {
  const waiting = new Map<string, (payload: unknown) => void>();
  return {
    /** Resolves with the ack's payload, or null when none comes in time. */
    wait(envelopeId: string): Promise<unknown> {
      return new Promise((resolve) => {
        const settle = (payload: unknown): void => {
          clearTimeout(timer);
          waiting.delete(envelopeId);
          resolve(payload);
        };
        const timer = setTimeout(() => settle(null), timeoutMs);
        timer.unref();
        waiting.set(envelopeId, settle);
      });
    },
    /** Does nothing for an envelope that nobody waits for, such as one acknowledged twice. */
    settle(envelopeId: string, payload: unknown): void {
      waiting.get(envelopeId)?.(payload);
    },
    /** Gives up on all of them. */
    close(): void {
      for (const settle of [...waiting.values()]) settle(null);
    },
  };
}
