import { openTurns } from './again.ts';
import type { Refused } from './failures.ts';
import type { TurnId } from './ids.ts';
import { quotedThread, withThread } from './request-text.ts';
import type { SessionState } from './session-state.ts';

/** `repo:owner/name` or `repo:name` anywhere in the request. */
const DIRECTIVE = /(?:^|\s)repo:([A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)?)/;

/** The repository that a request names; null where it names none. */
export function namedRepository(request: string): string | null {
  return DIRECTIVE.exec(request)?.[1] ?? null;
}

/** A request without naming its repository; one that does nothing else stays as it is. */
export function withoutRepository(request: string): string {
  const rest = request.replace(DIRECTIVE, ' ').trim();
  return rest === '' ? request : rest;
}

/** Whether a name means this repository (`owner/name`), with its owner or without. */
export function isNamed(repository: string, name: string): boolean {
  const [known, wanted] = [repository.toLowerCase(), name.toLowerCase()];
  return known === wanted || known.endsWith(`/${wanted}`);
}

/**
 * The text of a turn that is put in other words: below the thread that it was asked in. A session stays in the repository
 * that it was opened for.
 */
export function reword(
  state: SessionState,
  { turnId, request }: { readonly turnId: TurnId; readonly request: string },
): { readonly text: string } | Refused {
  if (state.status === 'unopened') return { refused: 'no_such_session' };
  const turn = openTurns(state).find((open) => open.turnId === turnId);
  if (!turn) return { refused: 'no_such_turn' };
  const named = namedRepository(request);
  if (named !== null && !isNamed(state.repository, named)) return { refused: 'other_repository' };
  return { text: withThread(withoutRepository(request), quotedThread(turn.text) ?? '') };
}
