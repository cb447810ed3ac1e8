import { AGENT } from '../domain/index.ts';
import { createEventLog } from '../store/event-log.ts';
import { openSqlite } from '../store/sqlite.ts';
import { SAMPLE_EVENTS } from './sample-events.ts';

/** A process that appends to a log until it is killed, and says each seq once it is written. */
const [path = ''] = process.argv.slice(2);
const log = await createEventLog(await openSqlite(path));
for (let seq = 0; ; seq += 3) {
  const said = { actor: AGENT, event: SAMPLE_EVENTS['agent.said'] };
  await log.append('ses_A', seq, [said, said, said]);
  process.stdout.write(`${seq + 3}\n`);
}
