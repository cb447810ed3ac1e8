import { parseArgs } from 'node:util';
import { createLocalSlack, type LocalSlackOptions } from '../../local/src/slack/server.ts';

/** Waits of the length of a schedule. Slack tries three times in six minutes; who dies every second needs more tries. */
const SHORT = { retryDelaysMs: [0, 200, 400, 800, 800, 800, 800, 800, 800, 800] };
const ACK_MS = 1_000;

/** What differs from Slack, by the name of the waits. */
const OPTIONS: Readonly<Record<string, Partial<LocalSlackOptions>>> = {
  slack: {},
  short: { ackTimeoutMs: ACK_MS, queue: SHORT },
  forgetful: { ackTimeoutMs: ACK_MS, queue: { ...SHORT, offlineHoldMs: 0 } },
};

/**
 * The local workspace as a process of its own, with Slack's waits or other ones. It prints its addresses as one line of
 * JSON and ends with its standard input.
 */
const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, waits: { type: 'string', default: 'slack' } },
});
process.stdin.once('close', () => process.kill(process.pid, 'SIGKILL')).resume();
const slack = await createLocalSlack({ dataDir: values.data, port: 0, ...OPTIONS[values.waits] });
const { url, apiUrl, botToken, appToken } = slack;
process.stdout.write(`${JSON.stringify({ url, apiUrl, botToken, appToken })}\n`);
process.once('SIGTERM', () => void slack.close().then(() => process.exit(0)));
