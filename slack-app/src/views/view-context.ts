import type { Actor } from 'orchestrator/domain';
import { apart, mrkdwn, oneLine } from './text.ts';

/** What views need beside the state. */
export type ViewContext = {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The session's page in the console. */
  readonly sessionUrl: string;
  /** Shown instead of the model's name, such as `scripted demo model`; null shows the name. */
  readonly modelLabel: string | null;
  /** Unified diffs of small changes by artifact id; one that is missing is not shown inline. */
  readonly patches: ReadonlyMap<string, string>;
};

/** Who signs in with the start link has this id: nobody of that name is in Slack. */
const CONSOLE_ID = 'console';

/** `@ana`, without notifying her. */
export function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case 'member':
      if (actor.id === CONSOLE_ID) return 'somebody in the console';
      return `@${apart(mrkdwn(oneLine(actor.name) || actor.id, 80))}`;
    case 'agent':
      return 'the agent';
    case 'system':
      return 'Deckhand';
  }
}
