import { HOME_SESSIONS, homeView } from '../views/home.ts';
import type { ListenerDeps } from './listener-deps.ts';

/** How far back a person's own sessions are looked for. */
const LOOKED_AT = 100;

/** Brings a person's Home up to date when they open it. */
export async function onHomeOpened(deps: ListenerDeps, user: string): Promise<void> {
  const { items } = await deps.deckhand.sessions({ limit: LOOKED_AT });
  const own = items
    .filter((session) => session.openedBy.kind === 'member' && session.openedBy.id === user)
    .slice(0, HOME_SESSIONS)
    .map((session) => ({ ...session, url: deps.sessionUrl(session.sessionId) }));
  await deps.slack.publishHome(user, homeView(own));
}
