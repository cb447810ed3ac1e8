import { changedFile, filesSeen, importsOf, type SeenFile, shortPath, tail, wasRead } from '../evidence.ts';
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
import { comparisonOf, namesOf, readTestReport, type TestFailure, testFileOf } from '../test-report.ts';
import { type Defect, findDefect } from './rounding.ts';

const TASKS = [
  'Run the tests',
  'Find the cause of the failure',
  'Correct it',
  'Run the tests again',
  'Sum up what was wrong',
];
const TEST = 'npm test';
const DIFF = 'git diff';
// From where the branch began: what an earlier run did may be committed by now.
const DONE_BEFORE = 'git status --short; git diff $(git merge-base HEAD origin/HEAD || echo HEAD)';

// Tests rarely sit further than this from the code that they fail on.
const MAX_FILES = 8;

const ASKED = [
  /\b(fix|repair|debug)\b.*\b(it|this|tests?|bugs?|fail\w*|error|build|ci|carts?|prices?|pricing|discounts?|totals?|rounding)\b/is,
  /\b(failing|failed|red|broken) tests?\b|\btests? (is|are|keeps?) (failing|red|broken)\b|\btests? fails?\b/i,
  /\b(cart|prices?|discounts?|totals?)\b.*\b(wrong|incorrect|too (high|low|much))\b/is,
];

/** Runs the tests, follows the failing one through its imports to the wrong line, corrects it, and checks. */
export const failingTest: Scene = {
  example: 'fix the failing test',
  matches: (request) => ASKED.some((words) => words.test(request)),
  next: (story) => {
    const run = runsOf(story, TEST).at(-1);
    if (!run) return begin(story);
    const change = callsOf(story).findLast((call) => call.tool === 'edit');
    if (change && !changedFile(change)) return notChanged(change);
    const calls = callsOf(story);
    if (change && calls.indexOf(change) > calls.indexOf(run)) return checkAgain();
    return judge(story, run, change ?? null);
  },
};

function begin(story: Story): Reply {
  if (!story.resumed) {
    return { say: 'I’ll run the tests first.', calls: [plan(TASKS, 0), bash(TEST, 'Run the tests')] };
  }
  return {
    say: 'I was interrupted, so I look at what is there already before I go on.',
    calls: [plan(TASKS, 0), bash(DONE_BEFORE, 'Show what is done already'), bash(TEST, 'Run the tests')],
  };
}

function checkAgain(): Reply {
  return {
    say: 'Now the tests again.',
    calls: [plan(TASKS, 3), bash(TEST, 'Run the tests again'), bash(DIFF, 'Show what has changed')],
  };
}

function notChanged(change: FinishedCall): Reply {
  const file = shortPath(String(change.args['filePath']));
  return giveUp(
    `I know what to change in \`${file}\`, but the edit did not work, so I stop here:\n\n> ${tail(change.result ?? '', 1)}`,
  );
}

function judge(story: Story, run: FinishedCall, change: FinishedCall | null): Reply {
  const report = readTestReport(run.result ?? '');
  if (!report) {
    return giveUp(
      `I stop here: \`${TEST}\` did not end with a result that I can read.\n\n\`\`\`\n${tail(run.result ?? '')}\n\`\`\``,
    );
  }
  const [failure] = report.failures;
  if (!failure) return change ? solved(story, report.passed) : nothingFails(story, report.passed);
  if (change) {
    return giveUp(
      `The tests still fail after my change: ${namesOf(report.failures)}. I leave the change in place for you to look at; it was not the whole cause.`,
    );
  }
  return investigate(story, failure);
}

function investigate(story: Story, failure: TestFailure): Reply {
  const files = filesSeen(story);
  const defect = files
    .map((file) => ({ file, defect: findDefect(file.content) }))
    .find((each) => each.defect !== null);
  if (defect?.defect) return correct(defect.file, defect.defect);
  const next = [testFileOf(failure), ...files.flatMap(importsOf)].find((path) => !wasRead(story, path));
  if (next === undefined || files.length >= MAX_FILES) return notFound(failure, files);
  return { say: nextWords(failure, { files, next }), calls: [plan(TASKS, 1), read(next)] };
}

function nextWords(
  failure: TestFailure,
  { files, next }: { files: readonly SeenFile[]; next: string },
): string {
  if (files.length > 0) return `It comes from \`${shortPath(next)}\`.`;
  const compared = comparisonOf(failure);
  const got = compared ? `: it expects ${compared.expected} and gets ${compared.actual}` : '';
  return `“${failure.name}” fails${got}. I read the test.`;
}

function correct(file: SeenFile, defect: Defect): Reply {
  return {
    say: `Here it is: \`${defect.from.trim()}\` rounds the price of one piece and multiplies afterwards. A line has to be rounded once.`,
    calls: [plan(TASKS, 2), edit(file.path, { from: defect.from, to: defect.to })],
  };
}

function notFound(failure: TestFailure, files: readonly SeenFile[]): Reply {
  const read = files.map((file) => `\`${shortPath(file.path)}\``).join(', ') || 'no file';
  return giveUp(
    `“${failure.name}” fails, and I could not find out why: I read ${read}, and nothing in there is a mistake that I know. I have changed nothing. As the scripted demo model I know just a few; a real model would look further.`,
  );
}

function solved(story: Story, passed: number): Reply {
  const first = runsOf(story, TEST)
    .map((run) => readTestReport(run.result ?? '')?.failures[0])
    .find(Boolean);
  const found = filesSeen(story).flatMap((file) => {
    const defect = findDefect(file.content);
    return defect ? [{ file, defect }] : [];
  })[0];
  const compared = first ? comparisonOf(first) : null;
  const effect =
    first && compared ? `, so “${first.name}” got ${compared.actual} instead of ${compared.expected}` : '';
  const what = found
    ? `\`${found.defect.name}\` in \`${shortPath(found.file.path)}\` rounded the discounted price of one piece and then multiplied it by the quantity${effect}.`
    : 'A wrong line is corrected.';
  return finish(`${what} It now multiplies first and rounds the line once; all ${passed} tests pass.`);
}

function nothingFails(story: Story, passed: number): Reply {
  const diff = runsOf(story, DONE_BEFORE).at(-1)?.result ?? '';
  const file = diff.split(/^diff --git /m).find((change) => findDefect(removedLines(change)) !== null);
  if (!file) return finish(`There is nothing to fix: all ${passed} tests pass. I have changed nothing.`);
  const path = file.match(/^\+\+\+ b\/(.+)$/m)?.[1];
  return finish(
    `The correction was already in place when I came back: \`${path}\` rounded the discounted price of one piece and then multiplied it by the quantity. It now rounds the line once; all ${passed} tests pass.`,
  );
}

function removedLines(diff: string): string {
  return (diff.match(/^-(?!--).*$/gm) ?? []).map((line) => line.slice(1)).join('\n');
}
