import { changedFile, filesSeen, type SeenFile, shortPath, tail, uniqueEnd } from '../evidence.ts';
import { plan } from '../plan.ts';
import {
  bash,
  callsOf,
  edit,
  finish,
  giveUp,
  type Reply,
  read,
  runsOf,
  type Scene,
  type Story,
  type ToolCall,
  write,
} from '../scene.ts';
import { namesOf, readTestReport } from '../test-report.ts';

const TASKS = ['Find where the currency is set', 'Ask which currency', 'Add the setting', 'Run the tests'];
const FIND = `git grep -nE "currency: '[A-Z]{3}'" -- src; ls test`;
const TEST = 'npm test';
const QUESTION = 'Which currency should the shop show?';
const OPTIONS = [
  { label: 'EUR', description: 'Euro, as it is now' },
  { label: 'USD', description: 'US dollar' },
  { label: 'GBP', description: 'Pound sterling' },
];

/** Moves the currency into a setting; asks which one when the request does not say. */
export const currencySetting: Scene = {
  example: 'add a currency setting (asks which one)',
  matches: (request) => /\bcurrenc(y|ies)\b|\bask me\b/i.test(request),
  next: (story) => {
    const found = runsOf(story, FIND).at(-1);
    if (!found)
      return { say: 'I look for the currency.', calls: [plan(TASKS, 0), bash(FIND, 'Find the currency')] };
    const path = (found.result ?? '').match(/^(src\/\w+\.js):\d+:/m)?.[1];
    if (!path) return alreadySet(story);
    const test = `test/${path.split('/').at(-1)?.replace('.js', '.test.js')}`;
    const files = filesSeen(story);
    const source = files.find((file) => file.path.endsWith(path));
    const tests = files.find((file) => file.path.endsWith(test));
    if (source && tests) return afterReading(story, { source, tests });
    if (callsOf(story).some((call) => call.tool === 'read'))
      return giveUp(`I could not read \`${path}\` and \`${test}\`, so I have changed nothing.`);
    // The tests run before the change too, so that an old failure is not taken for a new one.
    return {
      say: `It is fixed in \`${path}\`.`,
      calls: [read(path), read(test), bash(TEST, 'Run the tests')],
    };
  },
};

type Subject = { readonly source: SeenFile; readonly tests: SeenFile };

function afterReading(story: Story, subject: Subject): Reply {
  const asked = callsOf(story).find((call) => call.tool === 'question');
  const answer = asked ? answerIn(asked.result ?? '') : story.request;
  const currency = currencyIn(answer);
  if (!currency) return asked ? notUnderstood(answer) : ask(story);
  const changes = callsOf(story).filter((call) => call.tool === 'edit' || call.tool === 'write');
  const failed = changes.find((call) => !changedFile(call));
  if (failed) return giveUp(`A change did not work, so I stop here:\n\n> ${tail(failed.result ?? '', 1)}`);
  if (changes.length === 0) return change(subject, currency);
  // One run before the change, one after it.
  if (runsOf(story, TEST).length < 2)
    return { say: '', calls: [plan(TASKS, 3), bash(TEST, 'Run the tests')] };
  return sumUp(story, { subject, currency });
}

function ask(story: Story): Reply {
  if (!story.tools.has('question'))
    return finish(`${QUESTION.replace('?', '')}: EUR, USD, GBP, or another one?`);
  const questions = [{ question: QUESTION, header: 'Currency', options: OPTIONS }];
  return {
    say: 'One thing only you can decide:',
    calls: [plan(TASKS, 1), { tool: 'question', args: { questions } }],
  };
}

/** OpenCode gives the answers to the model as `"question"="answer"`. */
function answerIn(result: string): string {
  return result.match(/"="([^"]*)"/)?.[1] ?? '';
}

function currencyIn(text: string): string | null {
  const known = new Set(Intl.supportedValuesOf('currency'));
  return text.match(/\b[A-Z]{3}\b/g)?.find((code) => known.has(code)) ?? null;
}

function notUnderstood(answer: string): Reply {
  return giveUp(
    `I do not know “${answer}” as a currency, so I have changed nothing. Which one is it, as three letters such as CHF?`,
  );
}

function change({ source, tests }: Subject, currency: string): Reply {
  const end = uniqueEnd(tests.content);
  const start = source.content.match(/^[\s\S]*?currency: '[A-Z]{3}'/)?.[0];
  if (!start || !end)
    return giveUp(
      `\`${shortPath(source.path)}\` is not built in a way that I can change, so I have changed nothing.`,
    );
  const inSource = `import { settings } from './settings.js';\n\n${start.replace(/currency: '[A-Z]{3}'$/, 'currency: settings.currency')}`;
  const settings = `/** What an owner of the shop may change. */\nexport const settings = {\n  /** The currency of all prices, by its ISO 4217 code. */\n  currency: '${currency}',\n};\n`;
  const calls: ToolCall[] = [
    write(source.path.replace(/[^/]+$/, 'settings.js'), settings),
    edit(source.path, { from: start, to: inSource }),
    edit(tests.path, { from: end, to: `${end.trimEnd()}\n\n${testFor(source, currency)}` }),
  ];
  return {
    say: `${currency} it is. I add the setting and a test for it.`,
    calls: [plan(TASKS, 2), ...calls],
  };
}

function testFor(source: SeenFile, currency: string): string {
  const locale = source.content.match(/NumberFormat\('([\w-]+)'/)?.[1] ?? 'en-IE';
  const amount = new Intl.NumberFormat(locale, { style: 'currency', currency }).format(12.5);
  return `test('shows amounts in the currency of the settings', () => {\n  assert.equal(formatMoney(1250), '${amount.replaceAll('\u00a0', '\\u00a0')}');\n});`;
}

function sumUp(story: Story, { subject, currency }: { subject: Subject; currency: string }): Reply {
  const [before, after] = runsOf(story, TEST).map((run) => readTestReport(run.result ?? ''));
  const what = `The shop has a currency setting now: \`src/settings.js\` says ${currency}, and \`${shortPath(subject.source.path)}\` uses it.`;
  if (!after)
    return giveUp(`${what} \`${TEST}\` did not end with a result that I can read, so it is unchecked.`);
  if (after.failures.length === 0)
    return finish(`${what} I added a test for it, and all ${after.passed} tests pass.`);
  const old = new Set(before?.failures.map((failure) => failure.name));
  const fresh = after.failures.filter((failure) => !old.has(failure.name));
  return finish(
    fresh.length > 0
      ? `${what} It needs another look, because of failing tests: ${namesOf(fresh)}.`
      : `${what} I added a test for it, which passes; what still fails did so before, and I did not touch it: ${namesOf(after.failures)}.`,
  );
}

/** The currency is no longer written in the code: a run before this one has done it, or somebody else. */
function alreadySet(story: Story): Reply {
  const run = runsOf(story, TEST).at(-1);
  if (!run) {
    return {
      say: 'The currency is not fixed in the code.',
      calls: [read('src/settings.js'), bash(TEST, 'Run the tests')],
    };
  }
  const settings = filesSeen(story).find((file) => file.path.endsWith('src/settings.js'));
  const currency = settings?.content.match(/currency: '([A-Z]{3})'/)?.[1];
  const report = readTestReport(run.result ?? '');
  if (!currency || !report)
    return giveUp(
      'I found no currency in `src/` that I could turn into a setting, so I have changed nothing.',
    );
  const tests =
    report.failures.length > 0
      ? `Failing tests: ${namesOf(report.failures)}.`
      : `All ${report.passed} tests pass.`;
  return finish(`The shop has a currency setting already: \`src/settings.js\` says ${currency}. ${tests}`);
}
