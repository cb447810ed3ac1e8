import type { Clock } from '../clock.ts';

/** Calls a minute by Slack's published tiers. */
const TIERS = { 2: 20, 3: 50, 4: 100 } as const;

const TIER_OF: Readonly<Record<string, keyof typeof TIERS>> = {
  'apps.connections.open': 3,
  'chat.update': 3,
  'chat.delete': 3,
  'chat.startStream': 2,
  'chat.stopStream': 2,
  'chat.appendStream': 4,
  'chat.postEphemeral': 4,
  'reactions.add': 3,
  'reactions.remove': 2,
  'reactions.get': 3,
  'conversations.replies': 3,
  'conversations.history': 3,
  'conversations.info': 3,
  'conversations.open': 3,
  'conversations.join': 3,
  'conversations.list': 2,
  'conversations.members': 4,
  'users.info': 4,
  'users.lookupByEmail': 3,
  'users.list': 2,
  'views.open': 4,
  'views.update': 4,
  'views.push': 4,
  'views.publish': 4,
  'files.getUploadURLExternal': 4,
  'files.completeUploadExternal': 4,
  'files.info': 4,
  'assistant.threads.setTitle': 4,
  'assistant.threads.setSuggestedPrompts': 4,
};

type Bucket = { readonly capacity: number; readonly refillPerSecond: number };

/** chat.postMessage: about one a second in each channel, with short bursts. */
const POST_BUCKET: Bucket = { capacity: 3, refillPerSecond: 1 };

export type RateLimits = ReturnType<typeof createRateLimits>;

/** Slack's rate limits as token buckets. Off until switched on. */
export function createRateLimits(clock: Clock) {
  const levels = new Map<string, { tokens: number; at: number }>();
  let isOn = false;

  const bucketFor = (method: string, channel: string): { key: string; bucket: Bucket } | null => {
    if (method === 'chat.postMessage') return { key: `${method}/${channel}`, bucket: POST_BUCKET };
    const tier = TIER_OF[method];
    if (!tier) return null;
    return { key: method, bucket: { capacity: TIERS[tier], refillPerSecond: TIERS[tier] / 60 } };
  };

  return {
    isOn: (): boolean => isOn,
    setOn(value: boolean): void {
      isOn = value;
      levels.clear();
    },
    /** Seconds to wait when the call is over the limit; null when it may go on, which counts it. */
    take(method: string, channel: string): number | null {
      const found = isOn ? bucketFor(method, channel) : null;
      if (!found) return null;
      const { key, bucket } = found;
      const now = clock.now();
      const level = levels.get(key) ?? { tokens: bucket.capacity, at: now };
      const refilled = level.tokens + ((now - level.at) / 1000) * bucket.refillPerSecond;
      const tokens = Math.min(bucket.capacity, refilled);
      const isAllowed = tokens >= 1;
      levels.set(key, { tokens: isAllowed ? tokens - 1 : tokens, at: now });
      return isAllowed ? null : Math.max(1, Math.ceil((1 - tokens) / bucket.refillPerSecond));
    },
  };
}
