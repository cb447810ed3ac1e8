import type { Message } from '../../page-api.ts';

/** One line of a timeline. A `compact` message follows one of the same person and shows no name again. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly date: Date }
  | { readonly kind: 'message'; readonly key: string; readonly message: Message; readonly compact: boolean };

const groupMs = 5 * 60_000;

/** The moment of a ts: seconds with six decimals, as a string. */
export function dateOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

/** Messages in the order of a timeline, with a line where a new day begins in the reader's time zone. */
export function groupMessages(messages: readonly Message[]): Row[] {
  const rows: Row[] = [];
  let before: Message | null = null;
  for (const message of messages) {
    const date = dateOf(message.ts);
    const isNewDay = before === null || dateOf(before.ts).toDateString() !== date.toDateString();
    if (isNewDay) rows.push({ kind: 'day', key: `day-${message.ts}`, date });
    const compact = !isNewDay && before !== null && belongTogether(before, message);
    rows.push({ kind: 'message', key: message.ts, message, compact });
    before = message;
  }
  return rows;
}

function belongTogether(before: Message, message: Message): boolean {
  const isSoon = dateOf(message.ts).getTime() - dateOf(before.ts).getTime() < groupMs;
  const isSame = before.user === message.user && before.ephemeralFor === message.ephemeralFor;
  // A root with replies ends with a line about them; the next message starts anew, to be told apart from it.
  return isSoon && isSame && before.replyCount === 0 && !before.subtype && !message.subtype;
}
