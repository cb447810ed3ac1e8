import { describe, expect, it } from 'vitest';
import { readConversation, readRequest } from './conversation.ts';
import type { ChatMessage } from './wire.ts';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const called = (id: string, name = 'bash'): ChatMessage => ({
  role: 'assistant',
  content: '',
  tool_calls: [{ id, function: { name, arguments: '{"command":"npm test"}' } }],
});
const returned = (id: string, content: string): ChatMessage => ({ role: 'tool', tool_call_id: id, content });
const said = (content: string): ChatMessage => ({ role: 'assistant', content, tool_calls: null });

describe('the request in a message', () => {
  it('is the whole message when nothing is wrapped', () => {
    expect(readRequest(' fix it ')).toEqual({ request: 'fix it', continues: false });
  });

  it('is what stands in the last request block', () => {
    const message =
      'Earlier:\n<request from="Ben">old</request>\n<request from="Ana">\nfix it\n</request>\nBe brief.';
    expect(readRequest(message)).toEqual({ request: 'fix it', continues: false });
  });

  it('is the interrupted one when that is all the message holds', () => {
    const message =
      '<interrupted>\nIt was cut off.\n<request from="Ana">\nfix it\n</request>\n</interrupted>';
    expect(readRequest(message)).toEqual({ request: 'fix it', continues: true });
    expect(readRequest('<interrupted>fix it</interrupted>')).toEqual({ request: 'fix it', continues: true });
  });

  it('is the new one when a message holds an interrupted one and a new one', () => {
    const message = '<interrupted>fix it</interrupted>\n<request from="Ben">deploy</request>';
    expect(readRequest(message)).toEqual({ request: 'deploy', continues: false });
  });

  it.each(['Continue', 'please go on', 'The run was interrupted.'])(
    'goes on with the work for %j',
    (message) => {
      expect(readRequest(message).continues).toBe(true);
    },
  );
});

describe('a conversation', () => {
  it('joins calls with their results, by turn', () => {
    const [first, second] = readConversation([
      user('a'),
      called('1'),
      returned('1', 'ok'),
      said('done'),
      user('b'),
    ]);
    expect(first?.steps).toEqual([
      { said: '', calls: [{ tool: 'bash', args: { command: 'npm test' }, result: 'ok' }], sawImage: false },
      { said: 'done', calls: [], sawImage: false },
    ]);
    expect(second).toEqual({ request: 'b', continues: false, steps: [] });
  });

  it('does not take the picture of a tool for a message of the person', () => {
    const turns = readConversation([
      user('a'),
      called('1', 'browser_screenshot'),
      returned('1', 'ok'),
      user('Attached media from tool result:'),
    ]);
    expect(turns).toHaveLength(1);
    expect(turns[0]?.steps[0]?.sawImage).toBe(true);
  });

  it('treats arguments that are not JSON as none', () => {
    const broken: ChatMessage = {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: '1', function: { name: 'bash', arguments: '{' } }],
    };
    expect(readConversation([user('a'), broken])[0]?.steps[0]?.calls[0]?.args).toEqual({});
  });
});
