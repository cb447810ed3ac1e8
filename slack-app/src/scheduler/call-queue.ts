import type { Clock } from 'orchestrator/platform/clock';
import { LANES, type Waiting } from './next-call.ts';
import type { CallRequest, Outcome } from './scheduler-types.ts';
import { type Bucket, bucketOf } from './tiers.ts';

/** A call that waits, or is on the wire. */
export type Queued = Omit<Waiting, 'bucket'> & {
  readonly method: string;
  readonly channel: string | null;
  readonly bucket: Bucket;
  readonly key: string | null;
  readonly expiresAt: number | null;
  readonly onWire: (isOnWire: boolean) => void;
  readonly send: () => Promise<unknown>;
  readonly settle: (outcome: Outcome<unknown>) => void;
  readonly fail: (error: unknown) => void;
};

type BucketUse = { readonly method: string; readonly channel: string | null; readonly waiting: number };

/** Methods whose budget is worth showing when nothing waits for it. */
const SHOWN = ['chat.update', 'conversations.replies'];

/** What waits, each message once. */
export function createCallQueue(clock: Clock) {
  const calls = new Map<number, Queued>();
  const byKey = new Map<string, Queued>();
  let arrivals = 0;
  let coalesced = 0;

  function put(call: Queued): void {
    calls.set(call.id, call);
    if (call.key !== null) byKey.set(call.key, call);
  }

  function take(call: Queued): boolean {
    if (calls.get(call.id) !== call) return false;
    calls.delete(call.id);
    if (call.key !== null) byKey.delete(call.key);
    return true;
  }

  function end(call: Queued, why: 'replaced' | 'expired' | 'closed'): void {
    if (why === 'replaced') coalesced += 1;
    call.settle({ sent: false, why });
  }

  return {
    ...readings(calls),
    add<T>(request: CallRequest, send: () => Promise<T>): Promise<Outcome<T>> {
      request.onWire?.(false);
      const before = request.key === undefined ? undefined : byKey.get(request.key);
      if (before && take(before)) end(before, 'replaced');
      return new Promise((resolve, reject) => {
        // What `send` resolves with is what was asked for.
        const settle = (outcome: Outcome<unknown>) => resolve(outcome as Outcome<T>);
        const place = before ?? { id: arrivals++, lane: request.lane, askedAt: clock.now() };
        put({ ...newCall(request), ...inPlaceOf(place, request), send, settle, fail: reject });
      });
    },
    get: (id: number): Queued | undefined => calls.get(id),
    /** Takes a call out to send it. False when it is not the one that waits any more. */
    take,
    /** A call that was not done waits again, unless a newer one for the same message does. */
    putBack(call: Queued): void {
      if (call.key !== null && byKey.has(call.key)) {
        end(call, 'replaced');
        return;
      }
      put(call);
      call.onWire(false);
    },
    expire(): void {
      const now = clock.now();
      for (const call of calls.values())
        if (call.expiresAt !== null && call.expiresAt <= now && take(call)) end(call, 'expired');
    },
    close(): void {
      for (const call of calls.values()) if (take(call)) end(call, 'closed');
    },
    coalesced: (): number => coalesced,
  };
}

function newCall(request: CallRequest) {
  return {
    method: request.method,
    channel: request.channel,
    bucket: bucketOf(request),
    party: request.party,
    notBefore: 0,
    key: request.key ?? null,
    expiresAt: request.expiresAt ?? null,
    onWire: request.onWire ?? (() => undefined),
  };
}

/** A newer call keeps the older one's place in line, and the better lane of the two. */
function inPlaceOf(place: Pick<Queued, 'id' | 'lane' | 'askedAt'>, { lane }: CallRequest) {
  const isHigher = LANES.indexOf(lane) < LANES.indexOf(place.lane);
  return { id: place.id, askedAt: place.askedAt, lane: isHigher ? lane : place.lane };
}

function readings(calls: ReadonlyMap<number, Queued>) {
  return {
    waiting: (): readonly Waiting[] =>
      [...calls.values()].map((call) => ({ ...call, bucket: call.bucket.name })),
    nextExpiry: (): number | null => {
      const moments = [...calls.values()].flatMap((call) => call.expiresAt ?? []);
      return moments.length === 0 ? null : Math.min(...moments);
    },
    /** Calls of a method that wait. */
    count: (method: string): number => [...calls.values()].filter((call) => call.method === method).length,
    buckets: (): readonly BucketUse[] => {
      const uses = new Map<string, BucketUse>();
      for (const method of SHOWN) uses.set(method, { method, channel: null, waiting: 0 });
      for (const { bucket, method, channel } of calls.values()) {
        const waiting = (uses.get(bucket.name)?.waiting ?? 0) + 1;
        uses.set(bucket.name, { method, channel, waiting });
      }
      return [...uses.values()];
    },
  };
}
