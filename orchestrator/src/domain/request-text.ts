import type { Again } from './again.ts';
import type { Entry, FactOf } from './events.ts';
import type { TurnId } from './ids.ts';

/** What is written in the text of a request beside the request itself. Pure, for every surface and the agent. */

/** The thread that was quoted, and the request after it. */
const QUOTING = /^<thread>\n([\s\S]*?)\n<\/thread>(?:\n\n|$)/;

const WORDS: { readonly [Why in Again['why']]: string } = {
  resume: 'Go on with: ',
  retry: 'Please try again: ',
};

/** A request below the thread in which it was made. Nothing that was said there can end the quotation. */
export function withThread(request: string, thread: string): string {
  if (thread === '') return request;
  return `<thread>\n${thread.replace(/<(\/?thread)>/gi, '[$1]')}\n</thread>\n\n${request}`;
}

/** The request alone, without the thread that was quoted above it. */
export function requestOf(text: string): string {
  return text.replace(QUOTING, '');
}

/** The thread that was quoted above a request; null where none was. */
export function quotedThread(text: string): string | null {
  return QUOTING.exec(text)?.[1] ?? null;
}

/**
 * What asks for a turn once more, by what was asked for until now and below the same thread; null where these entries do
 * not tell. It says why in words too, once, however often the turn is asked again.
 */
export function askAgain(
  entries: readonly Pick<Entry, 'event'>[],
  again: Again,
): { readonly text: string; readonly again: Again } | null {
  const wish = lastWish(entries, again.of);
  if (!wish) return null;
  const request = requestOf(wish.text);
  // Only what was asked again has these words from us.
  const said = wish.type === 'turn.requested' && wish.again ? WORDS[wish.again.why] : '';
  const rest = request.startsWith(said) ? request.slice(said.length) : request;
  return { text: withThread(`${WORDS[again.why]}${rest}`, quotedThread(wish.text) ?? ''), again };
}

/** What put a turn in the words that it has. */
function lastWish(
  entries: readonly Pick<Entry, 'event'>[],
  turnId: TurnId,
): FactOf<'turn.requested' | 'turn.amended'> | null {
  for (const { event } of entries.toReversed())
    if ((event.type === 'turn.requested' || event.type === 'turn.amended') && event.turnId === turnId)
      return event;
  return null;
}
