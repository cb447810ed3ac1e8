import { describe, expect, it } from 'vitest';
import { markdown } from './markdown.ts';

const base = { page: (path: string) => `/page/${path}`, picture: (path: string) => `/raw/${path}` };

describe('markdown', () => {
  it('shows HTML as text, in blocks and inside of lines', () => {
    expect(markdown('<div onclick="x">a</div>\n\nb <b>c</b> <!-- d -->').html).not.toMatch(/<div|<b>|<!--/);
  });

  it.each([
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](&#106;avascript:alert(1))',
    '[a]( vbscript:x)',
    '[a](data:text/html,x)',
    '[a](//evil.example)',
    '[a](<\\\\evil.example>)',
    '[a](<java\tscript:alert(1)>)',
    '![a](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[a]: javascript:alert(1)\n\n[a]',
  ])('leads neither to a script nor to another host: %j', (text) => {
    for (const { html } of [markdown(text, base), markdown(text)]) {
      for (const [, target = ''] of html.matchAll(/(?:href|src)="([^"]*)"/g)) {
        const address = new URL(target.replaceAll('&#38;', '&'), 'http://here.example/page');
        expect(address.origin).toBe('http://here.example');
      }
    }
  });

  it('does not let a link leave its attribute', () => {
    const { html } = markdown(
      '[a](https://x.example/"onmouseover="alert(1) "t\\"x")\n\n![x" onerror="y](https://x.example/a.png)',
    );
    expect(html).not.toMatch(/ on\w+="/);
  });

  it('leads relative links and pictures into the repository', () => {
    expect(markdown('[a](src/a.js) [b](./b.md) ![c](c.png) [d](#e)', base).html).toBe(
      '<p><a href="/page/src/a.js" rel="noreferrer">a</a> <a href="/page/b.md" rel="noreferrer">b</a> ' +
        '<img src="/raw/c.png" alt="c" loading="lazy"> <a href="#e" rel="noreferrer">d</a></p>\n',
    );
  });

  it('keeps web links', () => {
    expect(markdown('https://x.example/?a=1&b=2').html).toContain('href="https://x.example/?a=1&#38;b=2"');
  });
});
