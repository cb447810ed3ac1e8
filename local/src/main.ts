import { join } from 'node:path';
import { ConfigError } from 'orchestrator/platform/env';
import { createLogger } from 'orchestrator/platform/log';
import { SandboxError } from 'sandboxes';
import { type Config, environment, readConfig } from './config.ts';
import { type RunningDeckhand, startDeckhand } from './deckhand.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

function printWelcome(running: RunningDeckhand): void {
  const lines = ['', 'Deckhand is ready.', ''];
  if (running.workspace)
    lines.push(
      `  Workspace   ${running.workspace.url}`,
      '              Try: @deckhand fix the failing test',
      '',
    );
  else lines.push('  Slack       connected to your workspace', '');
  lines.push(
    `  Console     ${running.console.signInLink()}`,
    '              (this link signs you in, once)',
    '',
  );
  lines.push(`  Git host    ${running.gitHost.url}`, '');
  lines.push(`  Model       ${running.model}`, '', 'Ctrl-C stops it. Everything is kept.');
  say(lines.join('\n'));
}

/** One sentence for what a person can mend; the rest is a bug and shows its stack. */
function explain(error: unknown, config: Config | null): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof SandboxError && config)
    return `Deckhand runs in this folder already, or cannot use it: ${error.message}.\n(The folder is ${config.dataDir}; DECKHAND_DATA names another.)`;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? error.port : 'a port';
    return `Port ${port} is taken by another program. Stop that program, or set CONSOLE_PORT, WORKSPACE_PORT or GIT_HOST_PORT to free ones.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<void> {
  let config: Config | null = null;
  try {
    config = readConfig(environment());
    const logger = createLogger({
      service: 'deckhand',
      level: config.logLevel,
      file: join(config.dataDir, 'deckhand.log'),
    });
    process.on('unhandledRejection', (err) => logger.error({ err }, 'promise was left alone'));
    const running = await startDeckhand(config, { logger, onProgress: (step) => say(`· starting ${step}`) });
    printWelcome(running);
    stopOnSignal(running);
  } catch (error) {
    process.stderr.write(`\n${explain(error, config)}\n`);
    process.exitCode = 1;
    // Whatever was opened is closed; a library's stray timer must not keep a failed start alive.
    setTimeout(() => process.exit(1), 500).unref();
  }
}

function stopOnSignal(running: RunningDeckhand): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(130); // The second Ctrl-C means it.
    stopping = true;
    say('\nStopping…');
    running.close().then(
      () => {
        say('Stopped. `npm start` goes on from here.');
        process.exit(0);
      },
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

await main();
