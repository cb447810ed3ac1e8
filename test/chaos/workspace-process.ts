import { parseArgs } from 'node:util';
import { createLocalSlack, type LocalSlackOptions } from '../../local/src/slack/server.ts';

/** Waits of the length of a schedule. Slack tries three times in six minutes; who dies every second needs more tries. */
const SHORT_WAITS = {
  ackTimeoutMs: 1_000,
  queue: { retryDelaysMs: [0, 200, 400, 800, 800, 800, 800, 800, 800, 800] },
} as const satisfies Partial<LocalSlackOptions>;

/**
 * The local workspace as a process of its own, with Slack's waits or short ones. It prints its addresses as one line of
 * JSON and ends with its standard input.
 */
const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, 'short-waits': { type: 'boolean', default: false } },
});
process.stdin.once('close', () => process.kill(process.pid, 'SIGKILL')).resume();
const waits = values['short-waits'] ? SHORT_WAITS : {};
const slack = await createLocalSlack({ dataDir: values.data, port: 0, ...waits });
const { url, apiUrl, botToken, appToken } = slack;
process.stdout.write(`${JSON.stringify({ url, apiUrl, botToken, appToken })}\n`);
process.once('SIGTERM', () => void slack.close().then(() => process.exit(0)));
