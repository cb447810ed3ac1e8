import { describe, expect, it } from 'vitest';
import { answer } from './mind.ts';
import type { ChatMessage } from './wire.ts';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const asked = (text: string) => user(`<request from="Ana">\n${text}\n</request>`);
const tested: readonly ChatMessage[] = [
  {
    role: 'assistant',
    content: 'I look at the tests first.',
    tool_calls: [{ id: 'c1', function: { name: 'bash', arguments: '{"command":"npm test"}' } }],
  },
  { role: 'tool', tool_call_id: 'c1', content: 'ℹ pass 9\nℹ fail 0' },
];

/** What the model says or asks for. */
function next(...messages: readonly ChatMessage[]): string {
  const tools = ['bash', 'read', 'edit', 'todowrite'].map((name) => ({ function: { name } }));
  return JSON.stringify(answer({ model: 'demo', stream: false, messages: [...messages], tools }));
}

describe('a request that follows another one', () => {
  it('is all that is worked on, though the one before was stopped between two calls', () => {
    const alone = next(asked('count slowly to 2'));

    expect(next(asked('fix the failing test'), ...tested, asked('count slowly to 2'))).toBe(alone);
    expect(next(asked('fix the failing test'), asked('count slowly to 2'))).toBe(alone);
  });

  it('goes on with the work before it when it says so', () => {
    const resumed = next(asked('fix the failing test'), ...tested, asked('Go on with: fix the failing test'));

    expect(resumed).toContain('npm test');
    expect(next(asked('fix the failing test'), ...tested, asked('Go on'))).toBe(resumed);
  });
});
