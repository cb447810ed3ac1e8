import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from 'orchestrator/platform/env';
import { createLogger } from 'orchestrator/platform/log';
import { type Config, environment, readConfig } from './config.ts';
import { type RunningDeckhand, startDeckhand } from './deckhand.ts';
import { startProblem } from './start-problem.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

const CONNECTED = 'connected to your workspace';
const NOT_CONNECTED = 'does not answer; it is tried on, and the console’s Health page says how it stands';

function printWelcome(running: RunningDeckhand): void {
  const lines = ['', 'Deckhand is ready.', ''];
  if (running.workspace)
    lines.push(
      `  Workspace   ${running.workspace.url}`,
      '              Try: @deckhand fix the failing test',
      '',
    );
  else lines.push(`  Slack       ${running.isSlackConnected() ? CONNECTED : NOT_CONNECTED}`, '');
  lines.push(
    `  Console     ${running.console.signInLink()}`,
    '              (this link signs you in, once)',
    '',
  );
  lines.push(`  Git host    ${running.gitHost.url}`, '');
  lines.push(`  Model       ${running.model}`, '', 'Ctrl-C stops it. Everything is kept.');
  say(lines.join('\n'));
}

async function main(): Promise<void> {
  // Whoever read our output may go, with the terminal for example; the work goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let config: Config | null = null;
  try {
    config = readConfig(environment());
    await openDataFolder(config.dataDir);
    const logger = createLogger({
      service: 'deckhand',
      level: config.logLevel,
      file: join(config.dataDir, 'deckhand.log'),
      onFileTrouble: ({ message }) =>
        process.stderr.write(`The log cannot be written (${message}). Deckhand goes on without it.\n`),
    });
    process.on('unhandledRejection', (err) => logger.error({ err }, 'promise was left alone'));
    const running = await startDeckhand(config, { logger, onProgress: (step) => say(`· starting ${step}`) });
    // First, because who reads that it is ready may stop it in the same moment.
    stopOnSignal(running);
    printWelcome(running);
  } catch (error) {
    process.stderr.write(`\n${startProblem(error, config)}\n`);
    process.exitCode = 1;
    // Whatever was opened is closed; a library's stray timer must not keep a failed start alive.
    setTimeout(() => process.exit(1), 500).unref();
  }
}

/** Throws a ConfigError when we cannot keep anything there. */
async function openDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `DECKHAND_DATA: ${dataDir} cannot be used as a folder to keep things in (${reason}).`,
      { cause },
    );
  }
}

/**
 * The same signal may come several times: a service manager sends it to every process of ours, and those who started us
 * pass it on. So only Ctrl-C has a second time that counts, which a person does not press in the same breath.
 */
const SAME_BREATH_MS = 500;

function stopOnSignal(running: RunningDeckhand): void {
  let stoppingSince: number | null = null;
  const stop = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (stoppingSince !== null) {
      if (signal === 'SIGINT' && now - stoppingSince >= SAME_BREATH_MS) process.exit(130);
      return;
    }
    stoppingSince = now;
    say('\nStopping…');
    running.close().then(
      () => {
        say('Stopped. `npm start` goes on from here.');
        process.exit(0);
      },
      () => process.exit(1),
    );
  };
  // SIGHUP: the terminal was closed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

await main();
