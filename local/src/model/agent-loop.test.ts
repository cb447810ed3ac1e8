import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createDemoModel, type DemoModel } from './server.ts';
import { type AgentMessage, startAgent, type TestAgent, textOf, until } from './testing/agent.ts';

// Each step starts real processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

let model: DemoModel;
let agent: TestAgent;

beforeAll(async () => {
  model = await createDemoModel({ port: 0, pace: 'fast' });
  agent = await startAgent(model);
}, 90_000);

beforeEach(() => {
  agent.shell('git checkout -q . && git clean -fdq');
});

afterAll(async () => {
  await agent.close();
  await model.close();
});

const fileText = (path: string) => readFileSync(join(agent.directory, path), 'utf8');
const testsPass = () => agent.shell('npm test >/dev/null 2>&1 && echo pass || echo fail').trim() === 'pass';
const todos = async (session: string) => (await agent.todos(session)).map((todo) => todo.status);
const toolsOf = (messages: AgentMessage[]) =>
  messages.flatMap((each) => each.parts.flatMap((part) => part.tool ?? []));

/** Resolves once a tool call of the session is running and what it printed so far holds this text. */
const printed = (session: string, text: string) =>
  until(async () => {
    const parts = (await agent.messages(session)).flatMap((each) => each.parts);
    const isThere = (part: AgentMessage['parts'][number]) =>
      part.state?.status === 'running' && JSON.stringify(part.state).includes(text);
    return parts.some(isThere) ? true : null;
  });

it('fixes the failing test, and adds the test for the empty list in the same session', async () => {
  expect(testsPass()).toBe(false);
  const session = await agent.openSession();

  const fixed = await agent.prompt(
    session,
    'In #shop:\n<request from="Ana">Please fix the failing test</request>',
  );
  expect(textOf(fixed)).toContain(
    '`lineTotal` in `src/pricing.js` rounded the discounted price of one piece',
  );
  expect(textOf(fixed)).toContain('got 1032 instead of 1026');
  expect(textOf(fixed)).toContain('all 9 tests pass');
  expect(fileText('src/pricing.js')).toContain('Math.round(price * quantity * (1 - discount))');
  expect(testsPass()).toBe(true);

  expect(await todos(session)).toEqual(Array(5).fill('completed'));

  const added = await agent.prompt(
    session,
    '<request from="Ben">also add a test for the empty list</request>',
  );
  expect(textOf(added)).toContain('It showed that `cartTotal([])` threw an error');
  expect(textOf(added)).toContain('All 10 tests pass.');
  expect(fileText('test/cart.test.js')).toContain('assert.equal(cartTotal([]), 0);');
  expect(testsPass()).toBe(true);
});

it('does two things that one message asks for, one after the other', async () => {
  const session = await agent.openSession();
  const last = await agent.prompt(session, 'Fix the failing test and add a test for the empty cart.');
  expect(textOf(last)).toContain('All 10 tests pass.');
  expect(testsPass()).toBe(true);
});

it('asks which currency, and does it by the answer', async () => {
  const session = await agent.openSession();
  const work = agent.prompt(session, 'add a currency setting');
  const question = await until(async () => (await agent.questions())[0]);
  expect(question.questions[0]?.options.map((option) => option.label)).toEqual(['EUR', 'USD', 'GBP']);
  await agent.reply(question.id, [['USD']]);
  const last = await work;
  expect(textOf(last)).toContain(
    'what still fails did so before, and I did not touch it: “gives ten percent off twelve postcards”',
  );
  expect(fileText('src/settings.js')).toContain("currency: 'USD'");
  expect(agent.shell('node --test test/money.test.js test/page.test.js 2>&1')).toMatch(/fail 0/);
});

it('goes on after a crash of the agent in the middle, without doing anything twice', async () => {
  const session = await agent.openSession();
  const cutOff = agent
    .prompt(session, '<request from="Ana">fix the failing test</request>')
    .catch(() => null);
  await printed(session, 'npm test');
  await agent.crash();
  await cutOff;
  const last = await agent.prompt(
    session,
    '<interrupted><request from="Ana">fix the failing test</request></interrupted>\nGo on where you stopped.',
  );
  expect(textOf(last)).toContain('all 9 tests pass');
  expect(toolsOf(await agent.messages(session)).filter((tool) => tool === 'edit')).toHaveLength(1);
  expect(testsPass()).toBe(true);
});

it('finds its own edit after an interruption and does not edit again', async () => {
  agent.shell(
    "sed -i 's/Math.round(price \\* (1 - discount)) \\* quantity/Math.round(price * quantity * (1 - discount))/' src/pricing.js",
  );
  const session = await agent.openSession();
  const last = await agent.prompt(session, '<interrupted>fix the failing test</interrupted>');
  expect(textOf(last)).toContain('The correction was already in place when I came back: `src/pricing.js`');
  expect(toolsOf(await agent.messages(session))).not.toContain('edit');
});

it('says that it could not find the cause when the code is not what it knows', async () => {
  agent.shell("sed -i 's/price \\* (1 - discount)) \\* quantity/price) * quantity/' src/pricing.js");
  const session = await agent.openSession();
  const last = await agent.prompt(session, 'fix the failing test');
  expect(textOf(last)).toContain(
    'I could not find out why: I read `test/cart.test.js`, `src/cart.js`, `src/pricing.js`',
  );
  expect(toolsOf(await agent.messages(session))).not.toContain('edit');
  expect(await todos(session)).toEqual(['completed', ...Array(4).fill('cancelled')]);
});

it('says so when a task fails', async () => {
  const session = await agent.openSession();
  const last = await agent.prompt(session, 'please deploy the shop');
  expect(textOf(last)).toContain('I could not deploy: npm says `Missing script: "deploy"`');
  expect(textOf(last)).toContain('only the scripts `dev` and `test`');
});

it('fails at the endpoint when the request asks for a broken model', async () => {
  const session = await agent.openSession();
  const last = await agent.prompt(session, 'fix the failing test with a broken model');
  expect(last.info.error).toMatchObject({ name: 'APIError', data: { statusCode: 401 } });
  expect(textOf(await agent.prompt(session, 'please deploy the shop'))).toContain('I could not deploy');
});

it('counts slowly until it is stopped, and has forgotten it at the next request', async () => {
  const session = await agent.openSession();
  const counting = agent.prompt(session, 'count slowly').catch(() => null);
  await printed(session, '2 of 120');
  await agent.abort(session);
  await counting;
  expect(textOf(await agent.prompt(session, 'count slowly to 1'))).toContain('I counted to 1.');
});

it('explains the code without changing it', async () => {
  const session = await agent.openSession();
  const last = await agent.prompt(session, 'can you explain the cart?');
  expect(textOf(last)).toContain('A small paper-goods shop');
  expect(textOf(last)).toContain('- `cartTotal`: What all lines cost together');
  expect(agent.shell('git status --short')).toBe('');
});

it('says what it is when it does not know a request', async () => {
  const session = await agent.openSession();
  const last = await agent.prompt(session, 'rewrite everything in Rust');
  expect(textOf(last)).toContain('I am the scripted demo model');
  expect(textOf(last)).toContain('- fix the failing test');
  expect(textOf(last)).toContain('`MODEL_BASE_URL`');
});

it('takes a screenshot of the running page and stops the page afterwards', async () => {
  const session = await agent.openSession();
  const last = await agent.prompt(session, 'take a screenshot of the cart page');
  expect(textOf(last)).toContain('Here is the cart page');
  const results = (await agent.messages(session)).flatMap((each) =>
    each.parts.map((part) => part.state?.output ?? ''),
  );
  const picture = results.join('\n').match(/Took a picture of (\S+): Your cart/);
  await expect(fetch(picture?.[1] ?? '')).rejects.toThrow('fetch failed');
  expect(agent.shell('git status --short')).toBe('');
});
