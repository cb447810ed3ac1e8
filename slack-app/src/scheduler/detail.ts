/**
 * How much of what happens is shown on cards: `live` all of it, `milestones` changes of state and of the plan's
 * progress, `silent` nothing until the turn settles.
 */
export type Detail = 'live' | 'milestones' | 'silent';

const STEPS = ['live', 'milestones', 'silent'] as const;

/** A card is no older than this in the mode; beyond it the next mode saves edits. In milliseconds. */
const WORST_MS = { live: 10_000, milestones: 30_000, silent: Number.POSITIVE_INFINITY } as const;
/** Below this there is room for more detail again: far under the bounds above, so that the mode does not flutter. */
const CALM_MS = 3_000;
/** A mode with less detail is kept at least this long: two of the windows that budgets are counted in. */
const DWELL_MS = 12_000;

export type DetailState = {
  readonly mode: Detail /** Milliseconds since the epoch. */;
  readonly since: number;
};

/**
 * The mode by how long an edit that is asked for now would wait (`backlogMs`): all edits that wait, at the pace of the
 * budget, and what Slack told us to wait. Less detail at once, more of it one step at a time. Pure.
 */
export function nextDetail(state: DetailState, backlogMs: number, now: number): DetailState {
  const step = STEPS.indexOf(state.mode);
  if (backlogMs > WORST_MS[state.mode]) return { mode: STEPS[step + 1] ?? 'silent', since: now };
  if (step > 0 && backlogMs <= CALM_MS && now - state.since >= DWELL_MS)
    return { mode: STEPS[step - 1] ?? 'live', since: now };
  return state;
}
