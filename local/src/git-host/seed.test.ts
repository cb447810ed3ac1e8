import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seedRepository } from './seed.ts';
import { api, scratchFolder, startHost, workCopy } from './testing/fixture.ts';

async function sourceFolder(): Promise<string> {
  const sourceDir = await scratchFolder();
  await mkdir(join(sourceDir, 'src'));
  await mkdir(join(sourceDir, 'node_modules'));
  await writeFile(join(sourceDir, '.gitignore'), 'node_modules/\n');
  await writeFile(join(sourceDir, 'src', 'a b.js'), 'export {};\n');
  await writeFile(join(sourceDir, 'node_modules', 'x.js'), '');
  return sourceDir;
}

describe('seeding a repository', () => {
  it('makes one commit of a folder, without what is ignored', async () => {
    const host = await startHost();
    await seedRepository(host, {
      owner: 'acme',
      name: 'web',
      sourceDir: await sourceFolder(),
      description: 'A shop',
    });
    const copy = await workCopy(host, 'acme/web');
    expect(await copy.git(['ls-files'])).toBe('.gitignore\nsrc/a b.js');
    expect(await copy.git(['rev-list', '--count', 'HEAD'])).toBe('1');
    expect((await api(host, 'repositories')).body).toMatchObject([{ description: 'A shop' }]);
  });

  it('leaves a repository alone that has commits', async () => {
    const host = await startHost();
    const input = { owner: 'acme', name: 'web', sourceDir: await sourceFolder() };
    await seedRepository(host, input);
    const copy = await workCopy(host, 'acme/web');
    const sha = await copy.push('main', { 'new.txt': 'n' });
    await seedRepository(host, input);
    expect(await copy.git(['ls-remote', 'origin', 'main'])).toContain(sha);
  });

  it('finishes one that was interrupted before its commit', async () => {
    const host = await startHost();
    await api(host, 'repositories', { name: 'acme/web' });
    await seedRepository(host, { owner: 'acme', name: 'web', sourceDir: await sourceFolder() });
    expect((await api(host, 'repositories/acme/web/branches')).body).toMatchObject([{ name: 'main' }]);
  });

  it('fails for a name that cannot be one', async () => {
    const host = await startHost();
    const input = { owner: '..', name: 'web', sourceDir: await sourceFolder() };
    await expect(seedRepository(host, input)).rejects.toThrow('422');
  });
});
