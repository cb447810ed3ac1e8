import { describe, expect, it } from 'vitest';
import { chooseRepository } from './repository-choice.ts';

const repository = (name: string) => ({ name, defaultBranch: 'main', description: '', url: '' });
const shop = repository('acme/shop');
const web = repository('acme/web');
const otherWeb = repository('other/web');

describe('the repository of a request', () => {
  it('is the only one there is', () => {
    expect(chooseRepository('fix it', [shop])).toEqual({ repository: shop, text: 'fix it' });
  });

  it('is the one that the request names, and the directive is not part of the request', () => {
    expect(chooseRepository('repo:acme/web fix it', [shop, web])).toEqual({
      repository: web,
      text: 'fix it',
    });
    expect(chooseRepository('fix it repo:Shop', [shop, web])).toEqual({ repository: shop, text: 'fix it' });
  });

  it('is not what somebody said earlier in the thread', () => {
    const text = '<thread>\nBo: see repo:acme/web\n</thread>\n\nfix it';
    expect(chooseRepository(text, [shop])).toEqual({ repository: shop, text });
    expect(chooseRepository(`${text} repo:shop`, [shop, web])).toEqual({ repository: shop, text });
  });

  it('is asked for when it could be several', () => {
    expect(chooseRepository('fix it', [shop, web])).toEqual({ refused: 'ambiguous_repository' });
    expect(chooseRepository('repo:web fix it', [web, otherWeb])).toEqual({ refused: 'ambiguous_repository' });
  });

  it('is refused when nobody set it up', () => {
    expect(chooseRepository('repo:acme/secret fix it', [shop])).toEqual({ refused: 'unknown_repository' });
    expect(chooseRepository('fix it', [])).toEqual({ refused: 'no_repository' });
  });
});
