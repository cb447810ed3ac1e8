import { truncate } from './views/limits.ts';

/** How much of the thread before a mention is handed to the agent. */
export const CONTEXT_MESSAGES = 30;
const CONTEXT_CHARACTERS = 8_000;
/** The domain takes requests of at most 40,000 characters. */
const REQUEST_CHARACTERS = 30_000;

const OPEN = '<thread>\n';
const CLOSE = '\n</thread>\n\n';

export type EarlierMessage = { readonly from: string; readonly text: string };

/**
 * A request with what its thread said before, oldest first: at most 30 messages and 8,000 characters, the newest of
 * them. Nothing that was said can end the fence.
 */
export function withContext(request: string, earlier: readonly EarlierMessage[]): string {
  const lines: string[] = [];
  let room = CONTEXT_CHARACTERS;
  for (const message of earlier.slice(-CONTEXT_MESSAGES).reverse()) {
    const line = `${message.from}: ${message.text}`.replace(/<\/?thread>/gi, '');
    if (line.length > room) {
      if (lines.length === 0) lines.unshift(truncate(line, room));
      break;
    }
    room -= line.length;
    lines.unshift(line);
  }
  const cut = truncate(request, REQUEST_CHARACTERS);
  return lines.length === 0 ? cut : `${OPEN}${lines.join('\n')}${CLOSE}${cut}`;
}

/** The request alone, without the thread before it. */
export function requestOf(text: string): string {
  if (!text.startsWith(OPEN)) return text;
  const end = text.indexOf(CLOSE);
  return end === -1 ? text : text.slice(end + CLOSE.length);
}
