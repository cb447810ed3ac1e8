import { readRequest } from './conversation.ts';
import { finish, type Reply } from './scene.ts';
import type { ChatMessage } from './wire.ts';

/** Requests that come without tools: the title of a session, the summary of a long one. */
export function sideJob(messages: readonly ChatMessage[]): Reply {
  const asked = messages.flatMap((message) =>
    message.role === 'user' ? [readRequest(message.content).request] : [],
  );
  const isTitle = messages.some(
    (message) => message.role === 'system' && /title generator/i.test(message.content),
  );
  if (isTitle) return finish(titleOf(asked.at(-1) ?? ''));
  const did = messages.findLast((message) => message.role === 'assistant' && message.content !== '');
  return finish(
    [
      'Requests so far:',
      ...asked.slice(0, -1).map((request) => `- ${request}`),
      '',
      `Last: ${did?.content ?? 'nothing yet'}`,
    ].join('\n'),
  );
}

// OpenCode asks for titles of at most 50 characters.
const TITLE_LENGTH = 50;

function titleOf(request: string): string {
  const [line = ''] = request.split('\n');
  return line.length <= TITLE_LENGTH ? line : `${line.slice(0, TITLE_LENGTH - 1).trimEnd()}…`;
}
