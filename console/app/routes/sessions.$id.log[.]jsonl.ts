import { Readable } from 'node:stream';
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node';
import type { Deckhand } from 'orchestrator/client';
import type { SessionId } from 'orchestrator/domain';
import { notFound, sessionIdOf } from '../server/params.server.ts';

const PAGE = 500;

/** The whole log as a download, one entry a line, read and sent page by page. */
export async function loader({ request, params, context: { deckhand, closing } }: LoaderFunctionArgs) {
  const sessionId = sessionIdOf(params);
  if (!(await deckhand.session(sessionId))) throw notFound();
  const signal = AbortSignal.any([request.signal, closing]);
  return new Response(createReadableStreamFromReadable(Readable.from(lines(deckhand, sessionId, signal))), {
    headers: {
      'content-type': 'application/jsonl; charset=utf-8',
      'content-disposition': `attachment; filename="${sessionId}.jsonl"`,
      'cache-control': 'no-store',
    },
  });
}

async function* lines(deckhand: Deckhand, sessionId: SessionId, signal: AbortSignal): AsyncGenerator<string> {
  let afterSeq = 0;
  while (!signal.aborted) {
    const entries = await deckhand.log(sessionId, { afterSeq, limit: PAGE });
    const last = entries.at(-1);
    if (!last) return;
    afterSeq = last.seq;
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  }
}
