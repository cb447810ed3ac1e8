import type { Deckhand } from 'orchestrator/client';
import type { Entry, SessionId } from 'orchestrator/domain';

const PAGE = 1_000;

/** The pages of a log before a position, the latest page first; the entries of each in their order. */
export async function* backwards(
  deckhand: Pick<Deckhand, 'log'>,
  sessionId: SessionId,
  { beforeSeq, mostPages = Number.POSITIVE_INFINITY }: { beforeSeq: number; mostPages?: number },
): AsyncIterable<readonly Entry[]> {
  let end = beforeSeq - 1;
  for (let pages = 0; end > 0 && pages < mostPages; pages++) {
    const afterSeq = Math.max(0, end - PAGE);
    yield await deckhand.log(sessionId, { afterSeq, limit: end - afterSeq });
    end = afterSeq;
  }
}
