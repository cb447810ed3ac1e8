import type { Deckhand } from 'orchestrator/client';
import { type Entry, isFact, type SessionId } from 'orchestrator/domain';
import { type SessionView, viewOf } from '../session/view.ts';
import { isWholeWork } from '../session/work.ts';
import { backwards } from './backwards.server.ts';

/** Entries that a page comes with; more are read on demand. */
const TAIL = 500;
/** How far the log is searched for what began before, while somebody waits for the page. */
const MOST_PAGES = 20;

/** What a session's page begins with: the end of its log, and a view that knows what began before. */
export async function loadSession(
  deckhand: Deckhand,
  sessionId: SessionId,
): Promise<{ readonly view: SessionView; readonly entries: readonly Entry[] } | null> {
  const session = await deckhand.session(sessionId);
  if (!session) return null;
  const entries = await deckhand.log(sessionId, { afterSeq: Math.max(0, session.seq - TAIL), limit: TAIL });
  let view = viewOf(session, entries);
  let known = entries;
  const before = { beforeSeq: entries[0]?.seq ?? 1, mostPages: MOST_PAGES };
  if (!view || isWholeWork(view.state, view.work, known)) return view && { view, entries };
  for await (const page of backwards(deckhand, sessionId, before)) {
    known = [...page.filter(isTold), ...known];
    view = viewOf(session, known) ?? view;
    if (isWholeWork(view.state, view.work, known)) break;
  }
  return { view, entries };
}

/** What a view is made of. */
function isTold({ event }: Entry): boolean {
  return isFact(event) || event.type === 'agent.planned';
}
