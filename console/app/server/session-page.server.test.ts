import type { SessionEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { createFakeDeckhand } from '../../testing/fake-deckhand.ts';
import { opening, runStart, sceneIds } from '../../testing/scene.ts';
import { loadSession } from './session-page.server.ts';

const ids = sceneIds('one');
const begun = [...opening(ids, 'Fix it', 'Fix the total'), ...runStart(ids, 1)];

function sessionWith(said: number, ...last: readonly SessionEvent[]) {
  const deckhand = createFakeDeckhand();
  const words = Array.from(
    { length: said },
    (_, at): SessionEvent => ({
      type: 'agent.said',
      runId: ids.run(1),
      text: String(at),
    }),
  );
  const events = [...words, ...last].map((event) => ({ event }));
  deckhand.append(ids.sessionId, ...entriesOf([...begun, ...events]));
  return deckhand;
}

const stopped: SessionEvent = { type: 'run.stopped', runId: ids.run(1) };

describe('what a page begins with', () => {
  it('is the end of the log', async () => {
    const loaded = await loadSession(sessionWith(1_600, stopped), ids.sessionId);
    expect(loaded?.entries).toHaveLength(500);
    expect(loaded?.entries.at(-1)?.event).toEqual(stopped);
    expect(await loadSession(createFakeDeckhand(), ids.sessionId)).toBeNull();
  });

  it('knows which turn has ended, though it began long before', async () => {
    const loaded = await loadSession(sessionWith(1_600, stopped), ids.sessionId);
    expect(loaded?.view.work.ended).toMatchObject({ turnId: ids.turn(1), tries: [{ attempt: 1 }] });
  });

  it('knows since when a long run goes on', async () => {
    const deckhand = sessionWith(1_600);
    const started = deckhand.entries(ids.sessionId).find(({ event }) => event.type === 'run.started');
    expect((await loadSession(deckhand, ids.sessionId))?.view.runningSince).toBe(started?.at);
  });

  it('reads no more of the log than it needs', async () => {
    const deckhand = sessionWith(100, stopped);
    let reads = 0;
    const counting = {
      ...deckhand,
      log: (...args: Parameters<typeof deckhand.log>) => {
        reads += 1;
        return deckhand.log(...args);
      },
    };
    await loadSession(counting, ids.sessionId);
    expect(reads).toBe(1);
  });
});
