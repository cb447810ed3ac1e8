import { describe, expect, it } from 'vitest';
import { countSlowly } from './scenes/count-slowly.ts';
import { currencySetting } from './scenes/currency-setting.ts';
import { deploy } from './scenes/deploy.ts';
import { emptyListTest } from './scenes/empty-list-test.ts';
import { explain } from './scenes/explain.ts';
import { failingTest } from './scenes/failing-test.ts';
import { runCommand } from './scenes/run-command.ts';
import { screenshot } from './scenes/screenshot.ts';
import { scenesFor, unknown } from './scenes.ts';
import { playScene, shown, story, type World } from './testing/story.ts';

const FAILING = `✖ failing tests:

test at test/cart.test.js:13:1
✖ twelve cards (0.8ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

  1032 !== 1026

      at TestContext.<anonymous> (file:///work/test/cart.test.js:14:10)
`;
const RED = `ℹ pass 8\nℹ fail 1\n${FAILING}`;
const GREEN = 'ℹ pass 9\nℹ fail 0\n';

const DEFECT = 'function lineTotal() {\n  return Math.round(price * (1 - discount)) * quantity;\n}';
const FILES: Record<string, string> = {
  '/work/test/cart.test.js': "import { cartTotal } from '../src/cart.js';",
  '/work/src/cart.js': DEFECT,
};
/** A repository whose tests print `after` once a file was edited. */
const brokenShop = (after: string, changed: Record<string, string> = {}): World => {
  let edited = false;
  return ({ tool, args }) => {
    const path = String(args['filePath']);
    if (tool === 'read') return shown(path, { ...FILES, ...changed }[path] ?? '');
    if (tool === 'edit') edited = true;
    if (args['command'] === 'npm test') return edited ? after : RED;
    return tool === 'edit' ? 'Edit applied successfully.' : '';
  };
};

describe('choosing what to play', () => {
  it.each([
    ['fix the failing test', [failingTest]],
    ['Hey, the tests are red, can you look?', [failingTest]],
    ['also add a test for the empty list', [emptyListTest]],
    ['please add a test with no items', [emptyListTest]],
    ['fix the failing test, then add a test for the empty cart', [failingTest, emptyListTest]],
    ['fix the failing test and take a screenshot', [failingTest, screenshot]],
    ['fix the failing test and take your time', [failingTest]],
    ['The discount for twelve postcards is wrong', [failingTest]],
    ['TypeError: Reduce of empty array with no initial value', [emptyListTest]],
    ['fix the typo in the README', [unknown]],
    ['add a currency setting', [currencySetting]],
    ['which currency? ask me', [currencySetting]],
    ['make a task fail', [deploy]],
    ['deploy to production', [deploy]],
    ['count slowly', [countSlowly]],
    ['take your time', [countSlowly]],
    ['what does this project do', [explain]],
    ['explain the cart', [explain]],
    ['run `npm test`', [runCommand]],
    ['write a poem', [unknown]],
    ['', [unknown]],
  ])('plays the right scenes for %j', (request, scenes) => {
    expect(scenesFor(request)).toEqual(scenes);
  });
});

describe('fixing the failing test', () => {
  it('reads the test before it edits, and edits the line that it read', () => {
    const { last, calls } = playScene(failingTest, story('fix it'), brokenShop(GREEN));
    expect(calls.map((call) => call.tool).filter((tool) => tool !== 'todowrite')).toEqual([
      'bash',
      'read',
      'read',
      'edit',
      'bash',
      'bash',
    ]);
    expect(calls.find((call) => call.tool === 'edit')?.args).toEqual({
      filePath: '/work/src/cart.js',
      oldString: '  return Math.round(price * (1 - discount)) * quantity;',
      newString: '  return Math.round(price * quantity * (1 - discount));',
    });
    expect(last.say).toContain('“twelve cards” got 1032 instead of 1026. It now multiplies first');
  });

  it('says that the tests still fail when they do', () => {
    const { last } = playScene(failingTest, story('fix it'), brokenShop(RED));
    expect(last).toMatchObject({ gaveUp: true });
    expect(last.say).toContain('The tests still fail after my change: “twelve cards”');
  });

  it('changes nothing when it does not recognise the mistake', () => {
    const { last, calls } = playScene(
      failingTest,
      story('fix it'),
      brokenShop(GREEN, { '/work/src/cart.js': 'function lineTotal() {}' }),
    );
    expect(calls.some((call) => call.tool === 'edit')).toBe(false);
    expect(last.say).toContain('I could not find out why: I read `test/cart.test.js`, `src/cart.js`');
  });

  it('stops when the edit did not work', () => {
    const inner = brokenShop(GREEN);
    const { last } = playScene(failingTest, story('fix it'), (call) =>
      call.tool === 'edit' ? 'Could not find oldString in the file.' : inner(call),
    );
    expect(last.say).toContain('Could not find oldString in the file.');
  });

  it('says so when there is nothing to fix, or nothing to read', () => {
    expect(playScene(failingTest, story('fix it'), () => GREEN).last.say).toContain(
      'There is nothing to fix: all 9',
    );
    expect(playScene(failingTest, story('fix it'), () => 'npm error').last.say).toContain(
      'a result that I can read',
    );
  });
});

describe('the other scenes', () => {
  it('counts in steps to at most three minutes, and goes on where it was cut off', () => {
    const tick: World = (call) => {
      const [, from, to, total] = String(call.args['command']).match(/seq (\d+) (\d+).*of (\d+)/) ?? [];
      return `${from} of ${total}\n${to} of ${total}`;
    };
    const { calls, last } = playScene(countSlowly, story('count slowly to 500'), tick);
    expect(calls).toHaveLength(18);
    expect(last.say).toContain('I counted to 180');
    const cut = { tool: 'bash', args: {}, result: '6 of 30\n7 of 30' };
    const before = [{ said: '', calls: [cut], sawImage: false }];
    const resumed = countSlowly.next(story('count slowly to 30', { before, resumed: true }));
    expect(resumed.calls[0]?.args['command']).toContain('seq 8 17');
  });

  it('does not take a screenshot without a browser', () => {
    const { last, calls } = playScene(screenshot, story('take a screenshot'), () => '');
    expect(last.say).toContain('this session has no browser');
    expect(calls).toEqual([]);
  });

  it('stops the page and says so when the browser fails', () => {
    const tools = new Set(['bash', 'browser_screenshot']);
    const { last, calls } = playScene(screenshot, story('take a screenshot', { tools }), (call) =>
      call.tool === 'bash' ? 'answers at http://127.0.0.1:4000/\ngroup 77\n' : 'No browser on PATH',
    );
    expect(last.say).toContain('the screenshot failed:\n\n> No browser on PATH');
    expect(calls.at(-1)?.args['command']).toBe('kill -- -77; echo stopped');
  });

  it('shows the log of a page that does not start', () => {
    const tools = new Set(['bash', 'browser_screenshot']);
    const world = () => 'group 77\nError: no such module';
    const { last } = playScene(screenshot, story('take a screenshot', { tools }), world);
    expect(last.say).toContain('the web page did not start.\n\n```\ngroup 77\nError: no such module');
  });

  it('asks in words when there is no question tool, and again when it does not know the currency', () => {
    const money = shown(
      '/work/src/money.js',
      "const f = new Intl.NumberFormat('en-IE', { currency: 'EUR' });",
    );
    const world: World = (call) => {
      if (call.tool === 'question') return 'User has answered your questions: "Which?"="Galleons".';
      if (String(call.args['filePath']).startsWith('test/'))
        return shown('/work/test/money.test.js', 'test();');
      return call.tool === 'read' ? money : "src/money.js:1: currency: 'EUR'\nmoney.test.js";
    };
    expect(playScene(currencySetting, story('add a currency setting'), world).last.say).toMatch(
      /EUR, USD, GBP.*\?$/,
    );
    const tools = new Set(['question']);
    expect(playScene(currencySetting, story('add a currency setting', { tools }), world).last.say).toContain(
      '“Galleons”',
    );
  });

  it('runs the command in backticks and shows its output', () => {
    const { last, calls } = playScene(runCommand, story('Run `git status`'), () => 'clean');
    expect(calls[0]?.args['command']).toBe('git status');
    expect(last.say).toContain('clean');
  });
});
