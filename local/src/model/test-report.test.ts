import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { comparisonOf, namesOf, readTestReport, stackOf, testFileOf } from './test-report.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'test-report-')));
cpSync(fileURLToPath(new URL('../../demo-repository', import.meta.url)), folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

/** What Node's test runner really prints about the demo repository. */
function output(reporter: 'spec' | 'tap', files: string[] = []): string {
  const args = ['--test', `--test-reporter=${reporter}`, ...files];
  // Inside a test run of Node, the runner would report to its parent instead.
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { NODE_ENV: 'test' } })
    .stdout;
}

it.each(['spec', 'tap'] as const)('reads the failing test out of %s output', (reporter) => {
  const report = readTestReport(output(reporter));
  expect(report?.passed).toBe(8);
  expect(report?.failures).toHaveLength(1);
  const [failure] = report?.failures ?? [];
  if (!failure) throw new Error('no failure');
  expect(failure.name).toBe('gives ten percent off twelve postcards');
  expect(testFileOf(failure)).toBe(join(folder, 'test/cart.test.js'));
  expect(comparisonOf(failure)).toEqual({ actual: '1032', expected: '1026' });
});

it.each(['spec', 'tap'] as const)(
  'finds the source file on the stack of an error in %s output',
  (reporter) => {
    const test =
      "import { test } from 'node:test'; import { cartTotal } from './src/cart.js'; test('empty', () => { cartTotal([]); });";
    execFileSync('bash', ['-c', 'cat > empty.test.js'], { cwd: folder, input: test });
    const [failure] = readTestReport(output(reporter, ['empty.test.js']))?.failures ?? [];
    if (!failure) throw new Error('no failure');
    expect(stackOf(failure)).toContain(join(folder, 'src/cart.js'));
    expect(failure.detail).toContain('Reduce of empty array');
  },
);

it('reads a run in which all tests pass', () => {
  expect(readTestReport(output('spec', ['test/money.test.js']))).toEqual({ passed: 1, failures: [] });
});

it('has no report for anything else', () => {
  expect(readTestReport('npm error Missing script: "test"')).toBeNull();
  expect(readTestReport('[Tool execution was interrupted]')).toBeNull();
  expect(readTestReport('ℹ pass 3\nℹ fail 1\n')).toBeNull();
});

it('names failures as people do', () => {
  const failure = (name: string) => ({ name, file: '', detail: '' });
  expect(namesOf([failure('a'), failure('b'), failure('c')])).toBe('“a”, “b” and “c”');
});
