import { changedFile, filesSeen, type SeenFile, shortPath, tail, uniqueEnd } from '../evidence.ts';
import { plan } from '../plan.ts';
import {
  bash,
  callsOf,
  edit,
  type FinishedCall,
  finish,
  giveUp,
  type Reply,
  read,
  runsOf,
  type Scene,
  type Story,
} from '../scene.ts';
import { namesOf, readTestReport, stackOf, type TestFailure, type TestReport } from '../test-report.ts';

const TASKS = [
  'Find the function that takes the list',
  'Add the test',
  'Run the tests',
  'Make the empty list work',
];
const TEST = 'npm test';
const FIND = "git grep -nE 'export function [a-zA-Z]*[Tt]otal\\((lines|items|list)\\)' -- src; ls test";
const TEST_NAME = 'costs nothing when the list is empty';

/** Adds a test for the empty list, runs it, and makes the code pass it when it does not yet. */
export const emptyListTest: Scene = {
  example: 'also add a test for the empty list',
  matches: (request) =>
    /\bempty (list|cart|array|basket)\b/i.test(request) ||
    /\btests?\b.*\b(empty|no (lines|items|products)|zero (lines|items|products))\b/i.test(request),
  next: (story) => {
    const found = runsOf(story, FIND).at(-1);
    if (!found)
      return {
        say: 'I look for the function that adds up a list.',
        calls: [plan(TASKS, 0), bash(FIND, 'Find the function that adds up a list')],
      };
    const target = readTarget(found.result ?? '');
    if (!target)
      return giveUp(
        'I found no function in `src/` that adds up a list and has a test file, so I have added nothing.',
      );
    const failed = callsOf(story).find((call) => call.tool === 'edit' && !changedFile(call));
    if (failed) return giveUp(`An edit did not work, so I stop here:\n\n> ${tail(failed.result ?? '', 1)}`);
    return afterSearch(story, target);
  },
};

type Target = { readonly name: string; readonly source: string; readonly test: string };

/** The first function that adds up a list and whose file has a test file of the same name. */
function readTarget(result: string): Target | null {
  for (const [, source = '', base = '', name = ''] of result.matchAll(
    /^(src\/(\w+)\.js):\d+:export function (\w+)/gm,
  )) {
    const test = result.match(new RegExp(`^${base}\\.test\\.js$`, 'm'))?.[0];
    if (test) return { name, source, test: `test/${test}` };
  }
  return null;
}

function afterSearch(story: Story, target: Target): Reply {
  const files = filesSeen(story);
  const test = files.find((file) => file.path.endsWith(target.test));
  const source = files.find((file) => file.path.endsWith(target.source));
  if (!test || !source) {
    const asked = callsOf(story).some((call) => call.args['filePath'] === target.test);
    if (asked)
      return giveUp(`I could not read \`${target.test}\` and \`${target.source}\`, so I have added nothing.`);
    return {
      say: `\`${target.name}\` takes the list; I read it and its tests.`,
      calls: [read(target.test), read(target.source)],
    };
  }
  return afterReading(story, { target, test, source });
}

type Subject = { readonly target: Target; readonly test: SeenFile; readonly source: SeenFile };

function afterReading(story: Story, subject: Subject): Reply {
  const calls = callsOf(story);
  const edits = calls.filter((call) => call.tool === 'edit');
  const run = runsOf(story, TEST).at(-1);
  const isThere = subject.test.content.includes(TEST_NAME);
  if (edits.length === 0 && !isThere) return addTest(subject);
  const last = edits.at(-1);
  if (!run || (last && calls.indexOf(last) > calls.indexOf(run))) {
    return { say: '', calls: [plan(TASKS, 2), bash(TEST, 'Run the tests')] };
  }
  return judge(run, { subject, edits });
}

function addTest({ target, test }: Subject): Reply {
  const end = uniqueEnd(test.content);
  const imported = new RegExp(`import \\{[^}]*\\b${target.name}\\b`).test(test.content);
  if (!end || !imported)
    return giveUp(`\`${target.test}\` is not built in a way that I can add to, so I have changed nothing.`);
  const body = `test('${TEST_NAME}', () => {\n  assert.equal(${target.name}([]), 0);\n});`;
  return {
    say: 'I add the test.',
    calls: [plan(TASKS, 1), edit(test.path, { from: end, to: `${end.trimEnd()}\n\n${body}` })],
  };
}

function judge(
  run: FinishedCall,
  { subject, edits }: { subject: Subject; edits: readonly FinishedCall[] },
): Reply {
  const report = readTestReport(run.result ?? '');
  if (!report)
    return giveUp(
      `I added the test, but \`${TEST}\` did not end with a result that I can read:\n\n\`\`\`\n${tail(run.result ?? '')}\n\`\`\``,
    );
  const mine = report.failures.find((failure) => failure.name === TEST_NAME);
  const guard = edits.find((call) => String(call.args['filePath']).endsWith(subject.target.source));
  if (!mine) return done(report, { subject, guarded: guard !== undefined, added: edits.length > 0 });
  const fixed = guard ? null : withStartValue(mine, subject.source);
  if (!fixed)
    return giveUp(
      `I added the test to \`${subject.target.test}\`. It fails, and I do not know how to make it pass:\n\n\`\`\`\n${tail(mine.detail)}\n\`\`\``,
    );
  return {
    say: `The new test found a mistake: \`${subject.target.name}([])\` throws, because \`reduce\` has no start value.`,
    calls: [plan(TASKS, 3), edit(subject.source.path, fixed)],
  };
}

const REDUCE = /^.*\.reduce\(\((\w+), \w+\) => \1 \+ \w+\).*$/m;

/** The sum that throws on an empty list, with the start value that it lacks. */
function withStartValue(failure: TestFailure, source: SeenFile): { from: string; to: string } | null {
  const blamed = /Reduce of empty array/.test(failure.detail) && stackOf(failure).includes(source.path);
  const line = blamed ? source.content.match(REDUCE)?.[0] : undefined;
  return line ? { from: line, to: line.replace(/(\.reduce\(\(\w+, \w+\) => \w+ \+ \w+)\)/, '$1, 0)') } : null;
}

function done(report: TestReport, facts: { subject: Subject; guarded: boolean; added: boolean }): Reply {
  const { target, source } = facts.subject;
  const first = facts.added
    ? `I added the test “${TEST_NAME}” to \`${target.test}\`.`
    : `\`${target.test}\` already has the test “${TEST_NAME}”.`;
  const second = facts.guarded
    ? `It showed that \`${target.name}([])\` threw an error, so the sum in \`${shortPath(source.path)}\` now starts at 0.`
    : `\`${target.name}\` passes it without a change.`;
  const others =
    report.failures.length > 0
      ? `What still fails is another matter, which I did not touch: ${namesOf(report.failures)}.`
      : `All ${report.passed} tests pass.`;
  return finish(`${first} ${second} ${others}`);
}
