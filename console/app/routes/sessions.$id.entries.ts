import type { LoaderFunctionArgs } from '@remix-run/node';
import { seqOf, sessionIdOf } from '../server/params.server.ts';
import type { EntryPage } from '../session/wire.ts';

const LIMIT = 1_000;

/** A page of the log as JSON, for pages that read further than they came with. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams;
  const limit = Math.min(seqOf(query.get('limit')) || LIMIT, LIMIT);
  const entries = await context.deckhand.log(sessionIdOf(params), {
    afterSeq: seqOf(query.get('after')),
    limit,
  });
  return Response.json({ entries } satisfies EntryPage, { headers: { 'cache-control': 'no-store' } });
}
