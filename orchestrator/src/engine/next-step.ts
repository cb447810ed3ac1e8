import { RETRY_WAITS_MS, type RunId, type SessionState, type Turn } from '../domain/index.ts';

/** A try that lies further ahead was planned by a clock that was set back since. */
const LONGEST_RETRY_MS = Math.max(...RETRY_WAITS_MS);

export type Step =
  | { readonly do: 'nothing' }
  | { readonly do: 'start_run'; readonly turn: Turn }
  | { readonly do: 'follow_run'; readonly runId: RunId }
  | { readonly do: 'wait'; readonly until: number }
  /** Bring the branch to the code host, and open the pull request where one was asked for. */
  | { readonly do: 'publish' }
  /** Take back the work of the turn that was stopped last. */
  | { readonly do: 'discard' };

/** What a worker should do now for a session. Pure; `now` in milliseconds since the epoch. */
export function nextStep(state: SessionState, now: number): Step {
  switch (state.status) {
    case 'unopened':
    case 'closed':
      return { do: 'nothing' };
    case 'running':
      return { do: 'follow_run', runId: state.runId };
    case 'waiting': {
      const until = Date.parse(state.retryAt);
      return until <= now || until - now > LONGEST_RETRY_MS
        ? { do: 'start_run', turn: state.turn }
        : { do: 'wait', until };
    }
    case 'idle': {
      if (state.discarding) return { do: 'discard' };
      if (state.publishing || isPullRequestBehind(state)) return { do: 'publish' };
      const turn = state.queue[0];
      return turn ? { do: 'start_run', turn } : { do: 'nothing' };
    }
  }
}

/** Whether work was done after the pull request's last update. */
function isPullRequestBehind(state: Extract<SessionState, { status: 'idle' }>): boolean {
  const { pullRequest, change, unpublishable } = state;
  if (pullRequest?.state !== 'open' || !change) return false;
  return change.headSha !== pullRequest.headSha && change.headSha !== unpublishable;
}
