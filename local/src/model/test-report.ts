import { stripVTControlCharacters } from 'node:util';

/** One failing test, as Node's test runner printed it. */
export type TestFailure = {
  readonly name: string;
  /** The file that holds the test, as printed: absolute, or from the folder of the run. */
  readonly file: string;
  /** What was compared and where it was thrown. */
  readonly detail: string;
};

export type TestReport = { readonly passed: number; readonly failures: readonly TestFailure[] };

/**
 * Reads the output of `node --test`: the spec reporter, which newer Node versions use everywhere, and TAP, which Node 20
 * and 22 use without a terminal. Null when the output holds no result.
 */
export function readTestReport(output: string): TestReport | null {
  const text = stripVTControlCharacters(output);
  const passed = text.match(/^[ℹ#] pass (\d+)$/m)?.[1];
  const failed = text.match(/^[ℹ#] fail (\d+)$/m)?.[1];
  if (passed === undefined || failed === undefined) return null;
  const failures = [...specFailures(text), ...tapFailures(text)];
  // A count without a readable failure must not pass for a success.
  if (Number(failed) > 0 && failures.length === 0) return null;
  return { passed: Number(passed), failures };
}

function specFailures(text: string): TestFailure[] {
  const [, listed = ''] = text.split(/^✖ failing tests:$/m);
  return listed.split(/^test at /m).flatMap((entry) => {
    const [, file, name] = entry.match(/^(.+?):\d+:\d+\n✖ (.+?) \([\d.]+ms\)$/m) ?? [];
    return file && name ? [{ name, file, detail: entry }] : [];
  });
}

function tapFailures(text: string): TestFailure[] {
  return [...text.matchAll(/^not ok \d+ - (.+)\n([\s\S]*?)^ {2}\.\.\.$/gm)].flatMap(([, name, detail]) => {
    const file = detail?.match(/^ {2}location: '(.+?):\d+:\d+'$/m)?.[1];
    return name && file && detail ? [{ name, file, detail }] : [];
  });
}

/** Where the test file is on the disk: absolute when the stack of the failure tells, else as printed. */
export function testFileOf(failure: TestFailure): string {
  return stackOf(failure).find((path) => path.endsWith(`/${failure.file}`)) ?? failure.file;
}

/** The files on the stack of a failure, innermost first, without Node's own. */
export function stackOf(failure: TestFailure): readonly string[] {
  const frames = failure.detail.matchAll(/\((?:file:\/\/)?(\/[^():]+):\d+:\d+\)/g);
  return [...new Set([...frames].map(([, path = '']) => path))];
}

/** What the assertion compared, when the output tells. */
export function comparisonOf(failure: TestFailure): { actual: string; expected: string } | null {
  const [, actual, expected] = failure.detail.match(/^\s*(.+) !== (.+?)\s*$/m) ?? [];
  return actual && expected ? { actual, expected } : null;
}

/** The names of failing tests as a phrase: “a”, “b” and “c”. */
export function namesOf(failures: readonly TestFailure[]): string {
  return new Intl.ListFormat('en-GB').format(failures.map(({ name }) => `“${name}”`));
}
