import { expect, it } from 'vitest';
import { type IdleView, judge } from './opencode-verdict.ts';
import type { WireMessage } from './opencode-wire.ts';

const user: WireMessage = {
  id: 'msg_1',
  sessionId: 'ses_1',
  author: 'user',
  isCompleted: false,
  error: null,
  parts: [],
};
const answer: WireMessage = {
  ...user,
  id: 'msg_2',
  author: 'assistant',
  isCompleted: true,
  parts: [
    { type: 'text', id: 'prt_1', sessionId: 'ses_1', messageId: 'msg_2', text: 'Done.', isComplete: true },
  ],
};
const view = (changes: Partial<IdleView>): IdleView => ({
  messages: [user, answer],
  reportedError: null,
  sinceSentMs: 60_000,
  sinceIdleMs: 60_000,
  ...changes,
});
const apiError = (statusCode?: number) => ({
  name: 'APIError',
  data: { message: 'no', ...(statusCode === undefined ? {} : { statusCode }) },
});

it('takes a completed answer for the end', () => {
  expect(judge(view({}))).toEqual({ type: 'finished', text: 'Done.' });
});

it('waits for a prompt that was not taken up yet, though not for ever', () => {
  expect(judge(view({ messages: [], sinceSentMs: 5_000 }))).toBeNull();
  expect(judge(view({ messages: [user], sinceSentMs: 5_000 }))).toBeNull();
  expect(judge(view({ messages: [user] }))).toMatchObject({ type: 'interrupted' });
});

it('waits for an answer to a message that came while the last answer was given', () => {
  const messages = [user, answer, { ...user, id: 'msg_3' }];
  expect(judge(view({ messages, sinceSentMs: 100 }))).toBeNull();
});

it('waits a moment for the end of a message, since idle comes first', () => {
  const messages = [user, { ...answer, isCompleted: false }];
  expect(judge(view({ messages, sinceIdleMs: 100 }))).toBeNull();
  expect(judge(view({ messages }))).toMatchObject({ type: 'interrupted' });
});

it('reports a prompt that was refused before it became a message', () => {
  const reportedError = { name: 'UnknownError', data: { message: 'Model not found' } };
  expect(judge(view({ messages: [], reportedError, sinceSentMs: 100 }))).toMatchObject({
    type: 'failed',
    error: { code: 'agent.failed', retryable: false },
  });
});

it.each([
  [400, 'agent.model_refused', false],
  [401, 'agent.model_refused', false],
  [403, 'agent.model_refused', false],
  [429, 'agent.model_unreachable', true],
  [500, 'agent.model_unreachable', true],
  [undefined, 'agent.model_unreachable', true],
])('tells a refusal of the model from an outage: %s is %s', (status, code, retryable) => {
  const messages = [user, { ...answer, error: apiError(status) }];
  expect(judge(view({ messages }))).toMatchObject({ type: 'failed', error: { code, retryable } });
});

it('tells a stop from a failure', () => {
  const error = { name: 'MessageAbortedError', data: {} };
  expect(judge(view({ messages: [user, { ...answer, error }] }))).toEqual({ type: 'aborted' });
});
