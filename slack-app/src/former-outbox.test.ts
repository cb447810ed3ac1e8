import { openSqlite } from 'orchestrator/compose';
import { expect, it } from 'vitest';
import { openOutbox } from './outbox.ts';

const NOW = 1_795_000_000_000;

function former(slot: string, state: string, ts: string | null, reason: string | null) {
  const place = { channel: 'C1', threadTs: '1.0', sentPhase: 'finished' };
  return { _id: `ses_1/${slot}`, sessionId: 'ses_1', slot, ...place, state, ts, sentHash: 'abc', reason };
}

it('knows after an update what the first outbox had sent, begun and given up', async () => {
  const database = await openSqlite(':memory:');
  const rows = await database.collection('slack_outbox', []);
  await rows.insertOne(former('turn/trn_1/card', 'sent', '1.1', null));
  await rows.insertOne(former('turn/trn_1/final', 'posting', null, null));
  await rows.insertOne(former('question/qst_1', 'stuck', null, 'not_in_channel'));
  const threads = await database.collection<{ _id: string; seq: number }>('slack_synced', []);
  await threads.insertOne({ _id: 'ses_2', seq: 30 });

  const outbox = await openOutbox(database, () => NOW);
  expect(await outbox.slotOfMessage({ channel: 'C1', ts: '1.1' })).toMatchObject({ slot: 'turn/trn_1/card' });
  const known = Object.fromEntries((await outbox.ofSession('ses_1')).map((row) => [row.slot, row]));
  expect(known['turn/trn_1/card']).toMatchObject({ state: 'sent', ts: '1.1', sentHash: 'abc' });
  // It may be there: it is looked for before it is posted.
  expect(known['turn/trn_1/final']).toMatchObject({ state: 'waiting', ts: null });
  expect(known['question/qst_1']).toMatchObject({ state: 'stuck', problem: { code: 'not_in_channel' } });
  expect(await outbox.due(NOW)).toEqual(new Set(['ses_1']));
  expect(await outbox.thread('ses_2')).toEqual({ _id: 'ses_2', seq: 30 });
  // Once only: what has changed since is not undone at the next start.
  expect(await rows.countDocuments({})).toBe(0);
  await database.close();
});
