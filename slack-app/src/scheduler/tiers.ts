/**
 * Slack's documented limits per method, workspace and app, in calls a minute (https://docs.slack.dev/apis/web-api/rate-limits):
 * tier 2 is 20, tier 3 is 50, tier 4 is 100. A method that is not listed is taken as tier 3.
 */
const TIERS = { 2: 20, 3: 50, 4: 100 } as const;
type Tier = keyof typeof TIERS;

const TIER_OF: Readonly<Record<string, Tier>> = {
  'chat.update': 3,
  'chat.delete': 3,
  'chat.postEphemeral': 4,
  'reactions.add': 3,
  'conversations.replies': 3,
  'conversations.history': 3,
  'conversations.info': 3,
  'conversations.list': 2,
  'users.info': 4,
  'views.open': 4,
  'views.publish': 4,
  'files.getUploadURLExternal': 4,
  'files.completeUploadExternal': 4,
  // "Hundreds a minute", says its page.
  'auth.test': 4,
};

/** A rate that is kept in two windows: an even flow, and a burst on top of it once a minute. */
export type Rate = {
  readonly flow: { readonly calls: number; readonly seconds: number };
  readonly burst: { readonly calls: number; readonly seconds: number };
};

/** What is counted together: a method, or posts into one channel. */
export type Bucket = { readonly name: string; readonly rate: Rate };

/**
 * Posts: about one a second into a channel, "short bursts are allowed" (chat.postMessage's page). One a second flows;
 * the burst of one in ten seconds lets a card and what follows it at once pass.
 */
const POSTS: Rate = { flow: { calls: 1, seconds: 1.1 }, burst: { calls: 1, seconds: 10 } };

/**
 * Four fifths of a tier flow evenly in windows of six seconds, the rest is the burst of a minute: a limiter whose only
 * window is the minute would send all at its start and then leave a person waiting for the next one.
 */
function rateOf(tier: Tier): Rate {
  const perMinute = TIERS[tier];
  const flow = Math.floor((perMinute * 0.8) / 10);
  return { flow: { calls: flow, seconds: 6 }, burst: { calls: perMinute - flow * 10, seconds: 60 } };
}

const RATES = { 2: rateOf(2), 3: rateOf(3), 4: rateOf(4) } as const;

/** Where a call is counted. Pure. */
export function bucketOf(call: { readonly method: string; readonly channel: string | null }): Bucket {
  if (call.method === 'chat.postMessage')
    return { name: `${call.method}/${call.channel ?? ''}`, rate: POSTS };
  return { name: call.method, rate: RATES[TIER_OF[call.method] ?? 3] };
}

/** Milliseconds that one call of this method costs when many wait. Pure. */
export function paceMs(rate: Rate): number {
  const perSecond = rate.flow.calls / rate.flow.seconds + rate.burst.calls / rate.burst.seconds;
  return 1_000 / perSecond;
}
