import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createDemoModel, type DemoModel } from './server.ts';

let model: DemoModel;
beforeEach(async () => {
  model = await createDemoModel({ port: 0, apiKey: 'key', pace: 'fast' });
});
afterEach(() => model.close());

const post = (body: unknown, key = 'key') =>
  fetch(`${model.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const tools = [{ type: 'function', function: { name: 'bash', parameters: {} } }];
const ask = (content: string) => ({ model: 'any', messages: [{ role: 'user', content }], tools });
const errorOf = async (response: Response) =>
  z.object({ error: z.object({ message: z.string() }) }).parse(await response.json()).error.message;

it('lists its model', async () => {
  const response = await fetch(`${model.url}/models`, { headers: { authorization: 'Bearer key' } });
  expect(await response.json()).toMatchObject({ data: [{ id: 'deckhand-demo' }] });
});

it('refuses a wrong key, and does not count it', async () => {
  const response = await post(ask('hello'), 'other');
  expect(response.status).toBe(401);
  expect(await errorOf(response)).toBe('Incorrect API key provided');
  expect(model.requests()).toBe(0);
});

it('says what is wrong with a request', async () => {
  expect(await errorOf(await post('{'))).toBe('The request is not JSON');
  const response = await post({ model: 'any', messages: [] });
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toContain('messages');
  expect((await fetch(`${model.url}/images`, { headers: { authorization: 'Bearer key' } })).status).toBe(404);
});

it('answers in one piece without stream', async () => {
  const response = await post(ask('fix the failing test'));
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    choices: [
      {
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          tool_calls: [{ function: { name: 'todowrite' } }, { function: { name: 'bash' } }],
        },
      },
    ],
    usage: { total_tokens: expect.any(Number) },
  });
  expect(model.requests()).toBe(1);
});

it('streams words and tool calls, then the usage, then the end', async () => {
  const frames = (await (await post({ ...ask('fix the failing test'), stream: true })).text())
    .trim()
    .split('\n\n');
  expect(frames.at(-1)).toBe('data: [DONE]');
  const chunks = frames.slice(0, -1).map((frame) => JSON.parse(frame.replace(/^data: /, '')));
  const words = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  expect(words).toBe('I’ll run the tests first.');
  expect(chunks.at(-2).choices[0].finish_reason).toBe('tool_calls');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
});

it('fails with the status that the request asks for', async () => {
  expect((await post(ask('fix it with a broken model'))).status).toBe(401);
  expect((await post(ask('fix it with a broken model (500)'))).status).toBe(500);
});

it('gives a session its title from the request', async () => {
  const response = await post({
    model: 'any',
    messages: [
      { role: 'system', content: 'You are a title generator.' },
      {
        role: 'user',
        content: [{ type: 'text', text: '<request from="Ana">Fix the test\nplease</request>' }],
      },
    ],
  });
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Fix the test' } }] });
});

it('takes an answer for the question that its last word asked', async () => {
  const messages = [
    { role: 'user', content: 'add a currency setting' },
    { role: 'assistant', content: 'Which currency: EUR, USD, GBP, or another one?' },
    { role: 'user', content: 'CHF' },
  ];
  const response = await post({ model: 'any', messages, tools });
  expect(await response.json()).toMatchObject({
    choices: [{ message: { content: 'I look for the currency.' } }],
  });
});

it('speaks at a pace that people can follow in the demo, and stops when nobody listens', async () => {
  const demo = await createDemoModel({ port: 0, apiKey: 'key', pace: 'demo' });
  const hangUp = new AbortController();
  const response = await fetch(`${demo.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer key' },
    body: JSON.stringify({ ...ask('hello'), stream: true }),
    signal: hangUp.signal,
  });
  const first = await response.body?.getReader().read();
  expect(first?.done).toBe(false);
  hangUp.abort();
  await demo.close();
});
