import { withThread } from 'orchestrator/domain';
import { truncate } from './views/limits.ts';

/** How much of the thread before a mention is handed to the agent. */
export const CONTEXT_MESSAGES = 30;
const CONTEXT_CHARACTERS = 8_000;
/** The domain takes requests of at most 40,000 characters. */
const REQUEST_CHARACTERS = 30_000;

export type EarlierMessage = { readonly from: string; readonly text: string };

/**
 * A request with what its thread said before, oldest first: at most 30 messages and 8,000 characters, the newest of
 * them.
 */
export function withContext(request: string, earlier: readonly EarlierMessage[]): string {
  const lines: string[] = [];
  let room = CONTEXT_CHARACTERS;
  for (const message of earlier.slice(-CONTEXT_MESSAGES).reverse()) {
    const line = `${message.from}: ${message.text}`;
    if (line.length > room) {
      if (lines.length === 0) lines.unshift(truncate(line, room));
      break;
    }
    room -= line.length;
    lines.unshift(line);
  }
  return withThread(truncate(request, REQUEST_CHARACTERS), lines.join('\n'));
}
