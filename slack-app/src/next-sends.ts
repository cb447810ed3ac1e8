import type { OutboxRow } from './outbox.ts';
import type { Detail } from './scheduler/detail.ts';
import { LANES, type Lane } from './scheduler/next-call.ts';
import { PRESSING, type Slot } from './thread-view/slots.ts';

/** A slot as it should be, with the hash of its content. */
export type Wanted = Slot & { readonly hash: string };

/** What is under way for one message. */
export type UnderWay = {
  readonly hash: string;
  readonly phase: string;
  readonly lane: Lane;
  /** It has left: nothing can take its place. */
  readonly isOnWire: boolean;
};

export type SendingState = {
  readonly wanted: readonly Wanted[];
  readonly rows: ReadonlyMap<string, OutboxRow>;
  /** By slot, and `SEARCH` for a look into the thread. */
  readonly underWay: ReadonlyMap<string, UnderWay>;
  /** When a slot was sent last by this process. */
  readonly sentAt: ReadonlyMap<string, number>;
  /** Slots that failed for a passing reason, and when they may be tried again. */
  readonly retryAt: ReadonlyMap<string, number>;
  /** The progress that a card showed when it was sent last by this process. */
  readonly progress: ReadonlyMap<string, string>;
  /** Slots that are stuck and are tried all the same: there is a sign, or a person wants it. */
  readonly dueNow: ReadonlySet<string>;
  /** Slots that are certainly not in the thread, so that they may be posted without looking. */
  readonly isAbsent: ReadonlySet<string>;
  /** Nothing is known of what the thread holds: look before anything else. */
  readonly mustSearch: boolean;
  /** A look into the thread failed and may be tried again then. */
  readonly searchAfter: number;
};

export type Step =
  | { readonly do: 'search' }
  | { readonly do: 'post' | 'update' | 'upload'; readonly slot: Wanted; readonly lane: Lane };

export type Plan = {
  /** What may wait for its turn in the scheduler now. */
  readonly steps: readonly Step[];
  /** When there will be more to do by itself, in milliseconds since the epoch; null for never. */
  readonly nextAt: number | null;
  /** Edits that wait for a mode with more detail. */
  readonly isHeldBack: boolean;
  /** Nothing is left to do now but what the store knows when to do: nobody has to keep the thread in mind. */
  readonly isParked: boolean;
};

export type PlanOptions = { readonly now: number; readonly intervalMs: number; readonly detail: Detail };

/** The name under which a look into the thread is under way. */
export const SEARCH = 'search';
export const SEARCHING: UnderWay = { hash: '', phase: '', lane: 'search', isOnWire: true };

/**
 * What to send to a thread. Posts go one at a time in their order, so that a thread reads in the order in which things
 * happened, and in the lane of the most urgent one that waits; edits go side by side. A message is edited at most once
 * per interval unless there is news, and only as often as the detail allows. Pure.
 */
export function planSends(state: SendingState, options: PlanOptions): Plan {
  if (state.mustSearch) return searchFirst(state, options.now);
  const missing = state.wanted.filter((slot) => isMissing(state.rows.get(slot.key)));
  const post = postStep(state, missing, options.now);
  const edits = state.wanted.map((slot) => editStep(state, slot, options));
  const doubts = [...state.rows.values()].flatMap((row) =>
    row.doubtAt === null ? [] : Math.max(row.doubtAt, state.searchAfter),
  );
  const isSearchDue = post.isUnsure || doubts.some((at) => at <= options.now);
  const moments = [...post.moments, ...edits.flatMap((edit) => edit.at ?? []), ...doubts];
  const search = isSearchDue ? searchFirst(state, options.now) : null;
  const later = [...moments, search?.nextAt ?? 0].filter((at) => at > options.now);
  const steps = [
    ...(post.step ? [post.step] : []),
    ...(search?.steps ?? []),
    ...edits.flatMap((edit) => edit.step ?? []),
  ];
  const isHeldBack = edits.some((edit) => edit.isHeldBack);
  return {
    steps,
    nextAt: later.length === 0 ? null : Math.min(...later),
    isHeldBack,
    isParked: steps.length === 0 && !isHeldBack && isParked(state),
  };
}

function isParked({ wanted, rows, underWay }: SendingState): boolean {
  return underWay.size === 0 && !wanted.some((slot) => isUnsent(rows.get(slot.key), slot));
}

/** Whether Slack does not have a message as it should be, and has not refused it. */
export function isUnsent(row: OutboxRow | undefined, slot: Wanted): boolean {
  if (row?.state === 'stuck') return false;
  return isMissing(row) || (row !== undefined && differs(row, slot));
}

function searchFirst(state: SendingState, now: number): Plan {
  const isWaiting = state.searchAfter > now;
  // Where nothing is known, what is under way is waited for: it would come into the thread behind the look.
  const isBusy = state.mustSearch ? state.underWay.size > 0 : state.underWay.has(SEARCH);
  return {
    steps: isWaiting || isBusy ? [] : [{ do: 'search' }],
    nextAt: isWaiting ? state.searchAfter : null,
    isHeldBack: false,
    isParked: false,
  };
}

/** A thread reads in its order as long as no message is held up for longer by one that Slack does not take. In milliseconds. */
const IN_ORDER_MS = 5_000;

function isMissing(row: OutboxRow | undefined): boolean {
  if (!row) return true;
  return row.ts === null && (row.state === 'waiting' || (row.state === 'stuck' && row.sent === null));
}

type PostStep = {
  readonly step: Step | null;
  /** The next message may be in the thread already. */
  readonly isUnsure: boolean;
  readonly moments: readonly number[];
};

function postStep(state: SendingState, missing: readonly Wanted[], now: number): PostStep {
  const moments: number[] = [];
  const open: Wanted[] = [];
  for (const slot of missing) {
    const at = openAt(state, slot);
    if (at === null) continue;
    if (at <= now) open.push(slot);
    else {
      moments.push(at);
      // What comes behind it waits too, when that is not for long.
      if (state.rows.get(slot.key)?.state !== 'stuck' && at - now <= IN_ORDER_MS) break;
    }
  }
  const lane = open.map((slot) => slot.lane).reduce<Lane>(moreUrgent, 'search');
  const busy = missing.find((slot) => state.underWay.has(slot.key));
  if (busy) return { step: betterStep(state, { busy, lane }), isUnsure: false, moments };
  const [first] = open;
  if (!first) return { step: null, isUnsure: false, moments };
  if (state.rows.has(first.key) && !state.isAbsent.has(first.key))
    return { step: null, isUnsure: true, moments };
  const what = first.content.kind === 'file' ? 'upload' : 'post';
  return { step: { do: what, slot: first, lane }, isUnsure: false, moments };
}

/**
 * The next post waits until the one before it stands in the thread: so while that one still waits for its turn it gets the
 * lane of what waits behind it, and says what is true by now.
 */
function betterStep(
  state: SendingState,
  { busy, lane }: { readonly busy: Wanted; readonly lane: Lane },
): Step | null {
  const underWay = state.underWay.get(busy.key);
  if (!underWay || underWay.isOnWire || busy.content.kind === 'file') return null;
  const better = moreUrgent(lane, underWay.lane);
  if (better === underWay.lane && busy.phase === underWay.phase) return null;
  return { do: 'post', slot: busy, lane: better };
}

/** When a message that is missing may be tried; null when only other content can help. */
function openAt(state: SendingState, slot: Wanted): number | null {
  const row = state.rows.get(slot.key);
  const passing = state.retryAt.get(slot.key) ?? 0;
  if (row?.state !== 'stuck' || state.dueNow.has(slot.key)) return passing;
  if (row.retryAt !== null) return Math.max(row.retryAt, passing);
  return row.sentHash !== slot.hash && row.sentPhase !== slot.phase ? passing : null;
}

function moreUrgent(a: Lane, b: Lane): Lane {
  return LANES.indexOf(a) < LANES.indexOf(b) ? a : b;
}

type EditStep = { readonly step?: Step; readonly at?: number; readonly isHeldBack?: boolean };

function editStep(state: SendingState, slot: Wanted, options: PlanOptions): EditStep {
  const row = state.rows.get(slot.key);
  if (!row || !differs(row, slot) || isTaken(state.underWay.get(slot.key), slot)) return {};
  const isNews = row.sentPhase !== slot.phase;
  const isStuck = row.state === 'stuck' && !state.dueNow.has(slot.key);
  if (isStuck && row.retryAt === null && !isNews) return {};
  const isPressing = isNews && [slot.phase, row.sentPhase ?? ''].some((phase) => phase.endsWith(PRESSING));
  if (isSaved(state, slot, { isNews, isPressing, detail: options.detail })) return { isHeldBack: true };
  const paced = isNews ? 0 : (state.sentAt.get(slot.key) ?? 0) + options.intervalMs;
  const blocked = isStuck ? (row.retryAt ?? 0) : 0;
  const at = Math.max(state.retryAt.get(slot.key) ?? 0, paced, blocked);
  // A message that was only found is most likely right already: it waits for all that is new.
  const lane = row.sentAt === null ? 'status' : slot.lane;
  return at > options.now ? { at } : { step: { do: 'update', slot, lane } };
}

/** Whether a message that is in the thread should hold something else. Files are not edited. */
function differs(row: OutboxRow, slot: Wanted): boolean {
  if (row.ts === null || row.state === 'gone' || slot.content.kind === 'file') return false;
  return row.sentHash !== slot.hash || row.state !== 'sent';
}

/** Whether what is under way says the same, or cannot be replaced any more. */
function isTaken(busy: UnderWay | undefined, slot: Wanted): boolean {
  return busy !== undefined && (busy.isOnWire || busy.hash === slot.hash);
}

/** Whether an edit is left out because few can be made. */
function isSaved(
  state: SendingState,
  slot: Wanted,
  how: { readonly isNews: boolean; readonly isPressing: boolean; readonly detail: Detail },
): boolean {
  if (!slot.isOpen || how.isPressing) return false;
  switch (how.detail) {
    case 'live':
      return false;
    case 'milestones':
      return !how.isNews && state.progress.get(slot.key) === slot.progress;
    case 'silent':
      return true;
  }
}
