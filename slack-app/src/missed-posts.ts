import type { Clock } from 'orchestrator/platform/clock';
import type { Database, Documents } from 'orchestrator/platform/documents';
import type { Logger } from 'orchestrator/platform/log';
import { type FindPostsDeps, findPosts, type Look } from './find-posts.ts';
import { isClosing } from './slack-api.ts';
import { steadyClock } from './steady-clock.ts';

/** While we hear Slack, that is written down this often. In milliseconds. */
const HEARTBEAT_MS = 30_000;
/** Events may come a little out of order; what is found twice is taken once. In milliseconds. */
const MARGIN_MS = 2 * 60_000;
/** Nothing older is looked for: a week. In milliseconds. */
const LONGEST_MS = 7 * 24 * 60 * 60_000;

export type MissedPostsDeps = FindPostsDeps & {
  readonly database: Database;
  readonly clock: Clock;
  /**
   * A gap that is shorter needs no look, in milliseconds: Slack delivers what we did not acknowledge at once, after a
   * minute and after five more.
   */
  readonly shortGapMs: number;
};

/**
 * Finds what was posted while nobody heard Slack, or while Slack stopped trying to tell us: replies in threads of open
 * sessions, mentions and direct messages. They go into the inbox as if Slack had told of them, which knows what it had.
 * A mention in a reply is found, with what follows it, when the thread began in the gap too or has a session.
 */
export interface MissedPosts {
  /** A socket opened. Looks when nobody had heard Slack for a while; what is found is worked on in the background. */
  onConnected(): void;
  onDisconnected(): void;
  /** An event was not taken: Slack tells of it again, and this looks when Slack has given up. */
  onRefused(): void;
  /** Looks now. Answers with how many posts were found, those included that were known. */
  look(): Promise<number>;
  close(): Promise<void>;
}

type HeardRow = { readonly _id: 'slack'; readonly until: number };

/** After a delivery that we did not take, Slack tries for about six minutes. In milliseconds. */
const REDELIVERY_MS = 7 * 60_000;

/**
 * Taken for the gap when the clock was set back, so that nobody knows how long it was: what the inbox remembers, which
 * takes nothing twice of it. In milliseconds.
 */
const UNKNOWN_GAP_MS = 24 * 60 * 60_000 - MARGIN_MS;

/** Until when somebody heard Slack, in milliseconds since the epoch; null for never. */
async function openHeard(database: Database, clock: Clock) {
  const rows: Documents<HeardRow> = await database.collection<HeardRow>('slack_heard', []);
  return {
    heardUntil: async () => {
      const until = (await rows.findOne({ _id: 'slack' }))?.until ?? null;
      const now = clock.now();
      return until !== null && until > now ? now - UNKNOWN_GAP_MS : until;
    },
    markHeard: async (until: number): Promise<void> => {
      await rows.updateOne({ _id: 'slack' }, { $set: { until } }, { upsert: true });
    },
  };
}

export async function openMissedPosts(deps: MissedPostsDeps): Promise<MissedPosts> {
  const { clock, log } = deps;
  const steady = steadyClock(clock);
  const heard = await openHeard(deps.database, clock);
  let isConnected = false;
  /** Since the socket opened it was found out how long nobody had heard Slack before. */
  let isMeasured = false;
  let refusedAt: number | null = null;
  let looking: Promise<unknown> | null = null;
  /** Something was posted that nobody told us of, perhaps, and not all of it could be looked for. */
  let isGapOpen = false;
  let isClosed = false;

  async function look(): Promise<number> {
    isGapOpen = true;
    const found = await lookSinceHeard(deps, heard);
    isGapOpen = !found.isComplete;
    return found.count;
  }

  function lookInBackground(): void {
    isGapOpen = true;
    looking ??= look()
      .then((count) => log.info({ count }, 'looked for missed posts'))
      .catch((err: unknown) => sayFailed(log, err))
      .finally(() => {
        looking = null;
      });
  }

  /** Whether there was a gap before the socket that is open now. Asked until the store has said. */
  async function measure(): Promise<void> {
    const until = await heard.heardUntil();
    if (!isConnected) return;
    isMeasured = true;
    if (until === null) await heard.markHeard(clock.now());
    else if (clock.now() - until >= deps.shortGapMs) lookInBackground();
  }

  async function beat(): Promise<void> {
    if (!isConnected || looking !== null || isClosed) return;
    if (!isMeasured) return measure();
    if (isGapOpen) return lookInBackground();
    if (refusedAt === null) return heard.markHeard(clock.now());
    if (steady.now() - refusedAt < REDELIVERY_MS) return;
    refusedAt = null;
    lookInBackground();
  }

  const heartbeat = startBeating(beat, log);

  return {
    onConnected: () => {
      if (isConnected) return;
      isConnected = true;
      measure().catch((err: unknown) => log.warn({ err }, 'gap could not be measured'));
    },
    onDisconnected: () => {
      isConnected = false;
      isMeasured = false;
    },
    onRefused: () => {
      refusedAt = steady.now();
    },
    look,
    close: async () => {
      isClosed = true;
      clearInterval(heartbeat);
      await looking;
    },
  };
}

function sayFailed(log: Logger, err: unknown): void {
  if (!isClosing(err)) log.warn({ err }, 'missed posts could not be looked for');
}

function startBeating(beat: () => Promise<void>, log: Logger): NodeJS.Timeout {
  const heartbeat = setInterval(() => {
    beat().catch((err: unknown) => log.warn({ err }, 'heartbeat could not be written'));
  }, HEARTBEAT_MS);
  return heartbeat.unref();
}

const NOTHING: Look = { count: 0, isComplete: true };

/** Looks for what was posted since somebody heard Slack last. */
async function lookSinceHeard(
  deps: MissedPostsDeps,
  { heardUntil, markHeard }: Awaited<ReturnType<typeof openHeard>>,
): Promise<Look> {
  const startedAt = deps.clock.now();
  const until = await heardUntil();
  if (until === null) {
    await markHeard(startedAt);
    return NOTHING;
  }
  const found = await findPosts(deps, Math.max(until - MARGIN_MS, startedAt - LONGEST_MS));
  // Else the next look begins where this one did.
  if (found.isComplete) await markHeard(startedAt);
  return found;
}
