import { parseArgs } from 'node:util';
import { createLocalSlack } from './server.ts';

/** Runs the workspace alone: `node local/src/slack/serve.ts --port 4010 --data <dir> [--page <built page>]`. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    data: { type: 'string' },
    page: { type: 'string' },
  },
});
if (values.data === undefined) throw new Error('--data <dir> is needed');

const slack = await createLocalSlack({
  dataDir: values.data,
  port: Number(values.port),
  ...(values.page === undefined ? {} : { pageDir: values.page }),
});
process.stdout.write(
  [
    `page            ${slack.url}`,
    `SLACK_API_URL   ${slack.apiUrl}`,
    `SLACK_BOT_TOKEN ${slack.botToken}`,
    `SLACK_APP_TOKEN ${slack.appToken}`,
    '',
  ].join('\n'),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void slack.close());
