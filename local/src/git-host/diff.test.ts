import { symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDiff } from './diff.ts';
import { scratchFolder, testGit } from './testing/fixture.ts';

type Change = (write: (name: string, content: string) => Promise<void>, folder: string) => Promise<void>;

/** The difference between two commits with the real git. */
async function diffOf(before: Change, after: Change) {
  const folder = await scratchFolder();
  const git = testGit();
  const inside = ['-C', folder, '-c', 'user.name=T', '-c', 'user.email=t@localhost'];
  const commit = async (change: Change) => {
    await change((name, content) => writeFile(join(folder, name), content), folder);
    await git.run([...inside, 'add', '--all']);
    await git.run([...inside, 'commit', '--quiet', '--allow-empty', '--message', 'x']);
    return git.text([...inside, 'rev-parse', 'HEAD']);
  };
  await git.run([...inside, 'init', '--quiet']);
  const [from, to] = [await commit(before), await commit(after)];
  return readDiff({ git, path: join(folder, '.git'), from, to });
}

describe('a diff', () => {
  it('numbers the lines on both sides', async () => {
    const { files } = await diffOf(
      (write) => write('a', '1\n2\n3\n'),
      (write) => write('a', '1\n+two\n3\n-- four\n'),
    );
    expect(files).toMatchObject([{ path: 'a', status: 'changed', added: 2, removed: 1 }]);
    expect(
      files[0]?.hunks[0]?.lines.map(({ kind, before, after, text }) => [kind, before, after, text]),
    ).toEqual([
      ['context', 1, 1, '1'],
      ['removed', 2, null, '2'],
      ['added', null, 2, '+two'],
      ['context', 3, 3, '3'],
      ['added', null, 4, '-- four'],
    ]);
  });

  it('is not misled by content that looks like a diff', async () => {
    const { files } = await diffOf(
      (write) => write('a', 'x\n'),
      async (write) => {
        await write('a', 'diff --git a/x b/x\n@@ -1 +1 @@\n--- a\n+++ b\n');
        await write('b', 'b\n');
      },
    );
    expect(files.map(({ path, hunks }) => [path, hunks.length])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('keeps the strangest names apart', async () => {
    const names = ['a b_c d', 'tab\there', 'line\nend', '"quoted"', 'ümläut', 'a => b', ' lead'];
    const { files } = await diffOf(
      (write) => write('first', 'x'),
      async (write) => {
        for (const name of names) await write(name, `${name}\n`);
      },
    );
    expect(files.map(({ path }) => path).sort()).toEqual([...names].sort());
    for (const { path, hunks } of files) expect(hunks[0]?.lines[0]?.text).toBe(path.split('\n')[0]);
  });

  it('tells renames, removals, binary files, and files that became links', async () => {
    const text = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');
    const { files } = await diffOf(
      async (write) => {
        await write('1-old', text);
        await write('2-gone', 'x\n');
        await write('3-link', 'was a file\n');
        await write('4-binary', 'a\0b');
        await write('5-last', 'x\n');
      },
      async (write, folder) => {
        await unlink(join(folder, '1-old'));
        await write('1-new', `${text}more\n`);
        await unlink(join(folder, '2-gone'));
        await unlink(join(folder, '3-link'));
        await symlink('5-last', join(folder, '3-link'));
        await write('4-binary', 'a\0c');
        await write('5-last', 'y\n');
      },
    );
    expect(
      files.map(({ path, previousPath, status, isBinary, hunks }) => [
        path,
        previousPath,
        status,
        isBinary,
        hunks.length,
      ]),
    ).toEqual([
      ['1-new', '1-old', 'renamed', false, 1],
      ['2-gone', null, 'removed', false, 1],
      ['3-link', null, 'changed', false, 2],
      ['4-binary', null, 'changed', true, 0],
      ['5-last', null, 'changed', false, 1],
    ]);
  });

  it('counts what it cannot show', async () => {
    const { files, isCut } = await diffOf(
      (write) => write('a', ''),
      async (write) => {
        await write('a', 'x'.repeat(79).concat('\n').repeat(70_000));
        await write('b', 'b\n');
      },
    );
    expect(isCut).toBe(true);
    expect(files.map(({ path, added }) => [path, added])).toEqual([
      ['a', 70_000],
      ['b', 1],
    ]);
  });
});
