/** Asking for a turn once more, in the words and with the key that the buttons in its thread use too. */

const WORDS = { resume: 'Go on with: ', retry: 'Please try again: ' } as const;
export type AskAgain = keyof typeof WORDS;

/** The Slack app keeps no more of a request, in characters. */
const COMPARED = 8_000;

const THREAD_OPEN = '<thread>\n';
const THREAD_CLOSE = '\n</thread>\n\n';

/** What a request is without the thread that was quoted above it. */
export function requestOf(text: string): string {
  if (!text.startsWith(THREAD_OPEN)) return text;
  const end = text.indexOf(THREAD_CLOSE);
  return end === -1 ? text : text.slice(end + THREAD_CLOSE.length);
}

/** The thread that was quoted above a request; null where none was. */
export function quotedThread(text: string): string | null {
  const request = requestOf(text);
  return request === text ? null : text.slice(THREAD_OPEN.length, -(THREAD_CLOSE.length + request.length));
}

/** A request once more, in words that say why. Asked a second time they do not pile up. */
export function askAgainText(why: AskAgain, text: string): string {
  const request = Object.values(WORDS).reduce((left, words) => left.replace(words, ''), requestOf(text));
  return `${WORDS[why]}${request}`;
}

/**
 * One turn asks for another one again once, wherever the buttons are pressed: the key is the one of the Slack app, and
 * the same key requests the same turn.
 */
export function askAgainKey(why: AskAgain, turnId: string): string {
  return `slack:${why}:${turnId}`;
}

/** Whether a request asks for an earlier one again. */
export function isAskedAgain(earlier: string, text: string): boolean {
  const start = text.slice(0, COMPARED);
  return (['resume', 'retry'] as const).some(
    (why) => start === askAgainText(why, earlier).slice(0, COMPARED),
  );
}
