import { App } from '@slack/bolt';

/** The least that a Bolt app can be: it answers a mention in its thread. What Deckhand's first message is measured by. */
const [apiUrl = '', botToken = '', appToken = ''] = process.argv.slice(2);
process.stdin.once('close', () => process.kill(process.pid, 'SIGKILL')).resume();
const app = new App({ token: botToken, appToken, socketMode: true, clientOptions: { slackApiUrl: apiUrl } });
app.event('app_mention', async ({ event, say }) => {
  await say({ text: 'echo', thread_ts: event.thread_ts ?? event.ts });
});
await app.start();
process.stdout.write(`${JSON.stringify({ chaos: 'ready' })}\n`);
