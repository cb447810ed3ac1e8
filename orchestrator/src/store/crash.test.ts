import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createEventLog } from './event-log.ts';
import { openSqlite } from './sqlite.ts';

const WRITER = fileURLToPath(new URL('../testing/endless-writer.ts', import.meta.url));

describe('a process that is killed while it writes', () => {
  it('leaves every entry that it had said was written, and no half of an append', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'deckhand-crash-'));
    const writer = spawn(process.execPath, [WRITER, join(dir, 'log.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(writer, 'exit');
    let said = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      said = Number(line);
      if (said >= 150 && !writer.killed) writer.kill('SIGKILL');
    }
    await exited;

    const database = await openSqlite(join(dir, 'log.db'));
    const log = await createEventLog(database);
    const lastSeq = await log.lastSeq('ses_A');
    expect(said).toBeGreaterThanOrEqual(150);
    expect(lastSeq).toBeGreaterThanOrEqual(said);
    expect(lastSeq % 3).toBe(0);
    const seqs = (await log.read('ses_A', { afterSeq: lastSeq - 150, limit: 1000 })).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 150 }, (_, index) => lastSeq - 149 + index));
    await database.close();
    await rm(dir, { recursive: true });
  });
});
