import type { Actor } from './actor.ts';
import type { Refused } from './failures.ts';

/** What an actor is to us. Roles of single members (viewer, developer, admin) come with their own settings. */
type Role = 'member' | 'guest' | 'machine';

function roleOf(actor: Actor): Role {
  switch (actor.kind) {
    case 'member':
      return actor.guest === true ? 'guest' : 'member';
    case 'agent':
    case 'system':
      return 'machine';
  }
}

/** Why an actor may not command a session; null when they may. Guests can read a thread, and read is all they can. */
export function denied(actor: Actor): Refused | null {
  switch (roleOf(actor)) {
    case 'guest':
      return { refused: 'not_allowed' };
    case 'member':
    case 'machine':
      return null;
  }
}
