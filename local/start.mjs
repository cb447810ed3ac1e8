// `npm start`: sets up what is missing, then runs the whole product. Plain JavaScript, because it runs before anything
// is installed, on whatever Node there is.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const setUpOnly = process.argv.includes('--set-up');
const say = (text) => process.stdout.write(`${text}\n`);

function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

function requireTools() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20)
    fail(`Deckhand needs Node 20 or newer; this is ${process.version}. Get it from https://nodejs.org.`);
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' });
  if (git.error)
    fail(
      'Deckhand needs git, and there is none on this machine. Install it (for example: apt-get install git), then run npm start again.',
    );
  const version = /(\d+)\.(\d+)/.exec(git.stdout);
  if (version && Number(version[1]) * 100 + Number(version[2]) < 238)
    fail(`Deckhand needs git 2.38 or newer; this is ${git.stdout.trim()}.`);
}

/** Runs a step and shows how long it takes; its output is shown only when it fails. */
function step(title, command, args, env = {}) {
  return new Promise((done) => {
    const startedAt = Date.now();
    const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(0)} s`;
    const live = process.stdout.isTTY;
    if (!live) say(`· ${title} …`);
    const timer = live ? setInterval(() => process.stdout.write(`\r· ${title} … ${seconds()} `), 500) : null;
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => fail(`${title} did not work: ${error.message}`));
    child.on('close', (code) => {
      if (timer) clearInterval(timer);
      if (code !== 0) fail(`${live ? '\n' : ''}${output}\n${title} did not work (the reason stands above).`);
      say(`${live ? '\r' : ''}· ${title}: done in ${seconds()} `);
      done();
    });
  });
}

function digestOf(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort())
        if (name !== 'node_modules' && name !== 'build') add(join(path, name));
      return;
    }
    hash.update(path.slice(root.length)).update(readFileSync(path));
  };
  for (const path of paths) add(join(root, path));
  return hash.digest('hex');
}

/** Does the work only when the files that it depends on have changed since it was last done. */
async function unlessDone(stamp, inputs, work) {
  const file = join(root, stamp);
  const digest = digestOf(inputs);
  if (existsSync(file) && readFileSync(file, 'utf8') === digest) return;
  await work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, digest);
}

async function setUp() {
  // `install --no-save` keeps to the lock file as `ci` does, and goes on where a registry lacks a package that only
  // another platform needs; `ci` refuses then.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await unlessDone('node_modules/.deckhand-install', ['package-lock.json'], () =>
    step(
      'Installing packages (a few minutes the first time)',
      npm,
      ['install', '--no-save', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'],
      { NODE_ENV: 'development' },
    ),
  );
  await unlessDone(
    'local/build/.stamp',
    ['local/src/slack/page', 'local/src/slack/page-api.ts', 'package-lock.json'],
    () => step('Building the workspace page', npm, ['run', '--silent', 'build', '-w', 'local']),
  );
  await unlessDone('console/build/.stamp', ['console', 'orchestrator/src/domain', 'package-lock.json'], () =>
    step('Building the console', npm, ['run', '--silent', 'build', '-w', 'console']),
  );
}

function run() {
  const node = join(root, 'node_modules/.bin/node');
  const child = spawn(node, [join(root, 'local/src/main.ts')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  // A terminal sends Ctrl-C to all of us; who stops us by pid means the product.
  for (const signal of ['SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  child.on('close', (code) => process.exit(code ?? 1));
}

requireTools();
await setUp();
if (!setUpOnly) run();
