import { parseArgs } from 'node:util';
import { createLocalSlack } from '../../local/src/slack/server.ts';

/**
 * The local workspace as a process of its own, with Slack's waits shortened to the length of a schedule. It prints its
 * addresses as one line of JSON and ends with its standard input.
 */
const { values } = parseArgs({ options: { data: { type: 'string', default: '' } } });
process.stdin.once('close', () => process.kill(process.pid, 'SIGKILL')).resume();
const slack = await createLocalSlack({
  dataDir: values.data,
  port: 0,
  ackTimeoutMs: 1_000,
  // Slack tries three times in six minutes. A process that dies every second needs as many tries for as many lives.
  queue: { retryDelaysMs: [0, 200, 400, 800, 800, 800, 800, 800, 800, 800] },
});
const { url, apiUrl, botToken, appToken } = slack;
process.stdout.write(`${JSON.stringify({ url, apiUrl, botToken, appToken })}\n`);
process.once('SIGTERM', () => void slack.close().then(() => process.exit(0)));
