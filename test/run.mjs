// `npm test`: sets up what is missing, then types, lint, unused code, unit tests and stories; ends with one line that
// counts the tests. Plain JavaScript, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, '.test-output');

/** What the stories need of the machine, with the Debian package that brings it. */
const PROGRAMS = [
  { program: 'git', package: 'git' },
  { program: 'chromium', package: 'chromium' },
];

function has(program) {
  return !spawnSync(program, ['--version'], { stdio: 'ignore' }).error;
}

function ensurePrograms() {
  const missing = PROGRAMS.filter(({ program }) => !has(program)).map((entry) => entry.package);
  if (missing.length === 0) return;
  const isDebian = existsSync('/usr/bin/apt-get');
  const isRoot = process.getuid?.() === 0;
  if (!isDebian || !isRoot) {
    process.stderr.write(
      `The tests need ${missing.join(' and ')}. Install: apt-get install ${missing.join(' ')} (as root), then run npm test again.\n`,
    );
    process.exit(1);
  }
  process.stdout.write(`· Installing ${missing.join(' and ')} with apt-get …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  const installed = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  if (installed.status !== 0) process.exit(1);
}

function run(command, args) {
  return new Promise((done) => {
    const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path },
    });
    child.on('error', () => done(false));
    child.on('close', (code) => done(code === 0));
  });
}

/**
 * The results of one vitest project: how many tests passed, and what is to be said of each failure. A file that broke
 * outside its tests, and a project that broke before it could write its results, count as one failure each.
 */
function resultsOf(project, succeeded) {
  const file = join(reports, `${project}.json`);
  if (!existsSync(file)) return { passed: 0, failures: [`${project}: no results were written`] };
  const { numPassedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const where = `${project}: ${relative(root, name)}`;
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${where}\n${message}`] : [];
    return failed.map((test) => `${where} > ${test.fullName}\n${test.failureMessages.join('\n')}`);
  });
  if (!succeeded && failures.length === 0) failures.push(`${project}: failed outside its tests, see above`);
  return { passed: numPassedTests, failures };
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
ensurePrograms();
if (!(await run('node', [join(root, 'local/start.mjs'), '--set-up']))) process.exit(1);

let passed = 0;
const failures = [];
for (const script of ['typecheck', 'lint', 'unused']) {
  process.stdout.write(`\n=== ${script}\n`);
  if (!(await run('npm', ['run', '--silent', script]))) failures.push(`${script}: see above`);
}
for (const project of ['unit', 'stories']) {
  process.stdout.write(`\n=== ${project}\n`);
  const succeeded = await run('npx', [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(reports, `${project}.json`)}`,
  ]);
  const results = resultsOf(project, succeeded);
  passed += results.passed;
  failures.push(...results.failures);
}
// Said again at the end, because a long output is often read, or kept, from its end only.
for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
process.exit(failures.length === 0 ? 0 : 1);
