import { describe, expect, it } from 'vitest';
import { SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { describeSessionListContract, entriesOf } from '../testing/session-list-contract.ts';
import { createSessionList } from './sessions.ts';
import { openSqlite } from './sqlite.ts';

describeSessionListContract('SQLite', async () => {
  const database = await openSqlite(':memory:');
  return { list: await createSessionList(database), close: () => database.close() };
});

describe('a search through more sessions than one page looks at', () => {
  it('goes on with the next page until the oldest', async () => {
    const database = await openSqlite(':memory:');
    const list = await createSessionList(database);
    for (let index = 0; index < 2100; index += 1) {
      const event = {
        ...SAMPLE_EVENTS['session.opened'],
        title: index === 0 ? 'The oldest' : 'Another',
        trigger: { kind: 'console' },
      } as const;
      const at = new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString();
      await list.apply(`ses_${index}`, entriesOf(`ses_${index}`, [event], { at }));
    }
    const first = await list.find({ text: 'oldest', limit: 10 });
    const second = await list.find({ text: 'oldest', limit: 10, cursor: first.next ?? '' });
    expect(first.items).toEqual([]);
    expect(second.items.map(({ sessionId }) => sessionId)).toEqual(['ses_0']);
    expect(second.next).toBeNull();
    await database.close();
  });
});
