import { describe, expect, it } from 'vitest';
import { branchName, filePath, isRepositoryName } from './names.ts';

describe('the name of a repository', () => {
  it.each(['acme/web', 'A-b_c/x.y', 'a/b', '0/1'])('may be %s', (name) => {
    expect(isRepositoryName(name)).toBe(true);
  });

  it.each([
    '',
    'web',
    'acme/',
    '/web',
    'acme/web/x',
    '../web',
    'acme/..',
    'acme/.',
    'acme/.git',
    'acme/web.git',
    'acme/web.lock',
    'acme/a..b',
    'acme/-x',
    'acme/w b',
    'acme/%2e%2e',
    'acme/web\n',
    'acme\\web/x',
    'api/web',
    'Assets/web',
    'me/web',
    'acme/<b>',
    `acme/${'a'.repeat(101)}`,
  ])('may not be %j', (name) => {
    expect(isRepositoryName(name)).toBe(false);
  });
});

describe('the name of a branch', () => {
  it.each(['main', 'deckhand/fix-cart', 'v1.2', 'ümläut', '<script>'])('may be %s', (name) => {
    expect(branchName.safeParse(name).success).toBe(true);
  });

  it.each([
    '',
    '-d',
    '/x',
    'x/',
    '.x',
    'a/.b',
    'a..b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'x.lock',
    'a.lock/b',
    '@',
    'a@{1}',
    'a\\b',
    'a\u0000',
    'a//b',
  ])('may not be %j', (name) => {
    expect(branchName.safeParse(name).success).toBe(false);
  });
});

describe('the path of a file', () => {
  it.each(['', 'a', 'a/b.txt', 'a b/<c>', '..a', 'a/b..'])('may be %j', (path) => {
    expect(filePath.safeParse(path).success).toBe(true);
  });

  it.each(['/etc/passwd', '../x', 'a/../b', './a', 'a/./b', 'a//b', 'a/', 'a\u0000b'])(
    'may not be %j',
    (path) => {
      expect(filePath.safeParse(path).success).toBe(false);
    },
  );
});
