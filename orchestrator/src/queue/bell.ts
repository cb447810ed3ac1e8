import type { SessionId } from '../domain/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Bell } from '../ports.ts';
import { createAlarms } from './alarms.ts';

type Handler = (sessionId: SessionId, signal: AbortSignal) => Promise<void>;
type Work = { readonly done: Promise<void>; readonly controller: AbortController };

export type BellOptions = {
  readonly clock: Clock;
  /** Hears of a handler that failed. The session is not rung again for it: that is for the handler or recovery to do. */
  readonly onError: (error: unknown, sessionId: SessionId) => void;
  /** Sessions that are worked on at the same time, at most; without it there is no limit. */
  readonly concurrency?: number;
};

/**
 * A bell in this process. Rings before there is a handler are kept; a ring during a session's work makes it run once
 * more after. Sessions take their turn in the order in which they were rung.
 */
export function createBell(options: BellOptions): Bell {
  const { clock, onError, concurrency = Number.POSITIVE_INFINITY } = options;
  const rung = new Set<SessionId>();
  const working = new Map<SessionId, Work>();
  let handler: Handler | null = null;
  let closed = false;
  const alarms = createAlarms<SessionId>({ clock, onDue: ring });

  function ring(sessionId: SessionId): void {
    if (closed) return;
    rung.add(sessionId);
    // Never within the caller's own step: who rings is often in the middle of something.
    setImmediate(startNext);
  }

  function startNext(): void {
    if (!handler || closed) return;
    for (const sessionId of rung) {
      if (working.size >= concurrency) return;
      if (working.has(sessionId)) continue;
      rung.delete(sessionId);
      const controller = new AbortController();
      const handle = handler;
      // Later, so that a handler that throws at once does not end before it is written down as begun.
      const done = Promise.resolve().then(() => work(handle, sessionId, controller.signal));
      working.set(sessionId, { controller, done });
    }
  }

  async function work(handle: Handler, sessionId: SessionId, signal: AbortSignal): Promise<void> {
    try {
      await handle(sessionId, signal);
    } catch (error) {
      // A handler that ends because it was told to has not failed.
      if (!signal.aborted || error !== signal.reason) onError(error, sessionId);
    } finally {
      working.delete(sessionId);
      setImmediate(startNext);
    }
  }

  return {
    ring,
    ringAt(sessionId, at) {
      if (!closed) alarms.set(sessionId, at);
    },
    answer(answering) {
      if (handler) throw new Error('the bell has a handler already');
      handler = answering;
      setImmediate(startNext);
    },
    async close() {
      closed = true;
      alarms.clear();
      rung.clear();
      const running = [...working.values()];
      for (const { controller } of running)
        controller.abort(new DOMException('the bell was closed', 'AbortError'));
      await Promise.all(running.map(({ done }) => done));
    },
  };
}
