import { z } from 'zod';
import { type Edit, readEdit } from './edits.ts';

const bodySchema = z.looseObject({
  event: z.looseObject({
    type: z.string(),
    edited: z.object({ ts: z.string() }).optional().catch(undefined),
  }),
});

/**
 * A delivery as its message is by now, going by all edits and deletions of it that Slack has told of (`told`): Slack
 * tells again what it told in vain, minutes later, so a post may come after its own edit, and an edit after a newer one.
 * Null when there is nothing left to do: the post was deleted, or the newer edit is worked on instead. Pure.
 */
export function asItIsNow(body: unknown, told: readonly unknown[]): unknown {
  const newest = newestOf(told);
  const parsed = bodySchema.safeParse(body);
  if (!newest || !parsed.success) return body;
  const { event } = parsed.data;
  const edit = readEdit(event);
  if (edit) return edit.at < newest.at ? null : body;
  if (newest.kind === 'deleted') return null;
  // A post that was read from Slack may have been edited once more since.
  if (event.edited && event.edited.ts > newest.at) return body;
  return { ...parsed.data, event: { ...event, blocks: undefined, ...newest.message, type: event.type } };
}

function newestOf(told: readonly unknown[]): Edit | null {
  let newest: Edit | null = null;
  for (const body of told) {
    const parsed = bodySchema.safeParse(body);
    const edit = parsed.success ? readEdit(parsed.data.event) : null;
    if (edit && (!newest || edit.at > newest.at)) newest = edit;
  }
  return newest;
}
