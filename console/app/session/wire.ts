import { type Entry, entrySchema, type LiveEvent } from 'orchestrator/domain';
import { z } from 'zod';

/** A page of the log, as the server sends it to a page that reads further. */
export type EntryPage = { readonly entries: readonly Entry[] };

/** How delivery stands, as a page's stream tells it. */
export type DeliveryNews = { readonly stuck: number };

const newsSchema: z.ZodType<DeliveryNews> = z.object({ stuck: z.number().int().nonnegative() });

const pageSchema = z.object({ entries: z.array(z.unknown()) });

const liveSchema: z.ZodType<LiveEvent> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), runId: z.string(), id: z.string(), delta: z.string() }),
  z.object({
    kind: z.literal('output'),
    runId: z.string(),
    callId: z.string(),
    chunk: z.string(),
    reset: z.boolean(),
  }),
]);

/** Null for what this page is too old to know: a newer server may write events of a new type. */
export function readEntry(json: unknown): Entry | null {
  return entrySchema.safeParse(json).data ?? null;
}

export function readLive(json: unknown): LiveEvent | null {
  return liveSchema.safeParse(json).data ?? null;
}

export function readDeliveryNews(json: unknown): DeliveryNews | null {
  return newsSchema.safeParse(json).data ?? null;
}

/** Up to `limit` entries (1,000 at most) with `seq > afterSeq`. Throws when the server does not answer with a page. */
export async function fetchEntries(
  sessionId: string,
  page: { readonly afterSeq: number; readonly limit: number; readonly signal: AbortSignal },
): Promise<readonly Entry[]> {
  const query = new URLSearchParams({ after: String(page.afterSeq), limit: String(page.limit) });
  const response = await fetch(`/sessions/${sessionId}/entries?${query}`, { signal: page.signal });
  if (!response.ok) throw new Error(`the log could not be read: ${response.status}`);
  const { entries } = pageSchema.parse(await response.json());
  return entries.map(readEntry).filter((entry) => entry !== null);
}
