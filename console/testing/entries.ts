import { AGENT, type Entry, type SessionId } from 'orchestrator/domain';
import type { Written } from './fake-deckhand.ts';
import { timed } from './scene.ts';

const START_MS = Date.parse('2026-01-01T10:00:00.000Z');

/** A log of these moments. What says nothing about its time comes a second after the one before. */
export function entriesOf(
  moments: readonly (Written & { readonly afterMs?: number })[],
  sessionId: SessionId = 'ses_one',
): readonly Entry[] {
  const written = timed(
    START_MS,
    moments.map((moment) => ({ ...moment, afterMs: moment.afterMs ?? 1_000 })),
  );
  return written.map(({ event, actor, at }, index) => ({
    sessionId,
    seq: index + 1,
    at: at ?? '',
    actor: actor ?? AGENT,
    event,
  }));
}
