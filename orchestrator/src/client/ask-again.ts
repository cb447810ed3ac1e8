import { type Again, askAgain, type SessionId } from '../domain/index.ts';
import type { EventLog } from '../ports.ts';

const PAGE = 1000;

/** What asks for a turn once more, by a session's log; null where the session has no such turn. */
export async function readAskAgain(
  log: Pick<EventLog, 'read'>,
  sessionId: SessionId,
  again: Again,
): Promise<ReturnType<typeof askAgain>> {
  let found: ReturnType<typeof askAgain> = null;
  for (let afterSeq = 0; ; ) {
    const page = await log.read(sessionId, { afterSeq, limit: PAGE, factsOnly: true });
    // What was written later says it in its last words.
    found = askAgain(page, again) ?? found;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return found;
    afterSeq = last.seq;
  }
}
