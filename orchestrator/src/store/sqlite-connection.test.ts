import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, storeProblemOf } from './sqlite-connection.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'deckhand-store-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a file that cannot be opened', () => {
  it('is named, and told to be damaged when it is no database', async () => {
    const path = join(dir, 'deckhand.sqlite');
    await writeFile(path, 'not a database '.repeat(100));
    const error = thrownBy(() => connect(path));
    expect(storeProblemOf(error)).toBe('damaged');
    expect(String(error)).toContain(path);
  });

  it('is told from one that is damaged', () => {
    expect(storeProblemOf(thrownBy(() => connect(join(dir, 'missing', 'deckhand.sqlite'))))).toBe('unusable');
  });
});

it('does not take a bug for a problem of the file', () => {
  const connection = connect(':memory:');
  expect(storeProblemOf(thrownBy(() => connection.exec('SELECT nothing FROM nowhere')))).toBeNull();
  expect(storeProblemOf(new TypeError('a bug'))).toBeNull();
  connection.close();
});
