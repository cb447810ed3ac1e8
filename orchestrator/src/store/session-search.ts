import type { Filter } from '../platform/documents.ts';
import type { SessionSummary } from '../ports.ts';

const ORDER = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z ses_[0-9A-Za-z]{1,64}$/;

/** The sort key of a session: newest activity, and its id where two were active at the same moment. */
export function orderOf({ updatedAt, sessionId }: Pick<SessionSummary, 'updatedAt' | 'sessionId'>): string {
  return `${new Date(updatedAt).toISOString()} ${sessionId}`;
}

export function cursorOf(order: string): string {
  return Buffer.from(order).toString('base64url');
}

/** The sessions behind a cursor. One that we did not make stands for the start: it comes out of somebody's URL. */
export function orderAfter(cursor: string | undefined): Filter {
  const order = Buffer.from(cursor ?? '', 'base64url').toString();
  return ORDER.test(order) ? { order: { $lt: order } } : {};
}

/** Whether a title has, for each word looked for, a word that begins with it. Upper and lower case are one. */
export function titleHolds(text: string): (title: string) => boolean {
  const wanted = wordsOf(text);
  return (title) => {
    const words = wordsOf(title);
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  };
}

function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
