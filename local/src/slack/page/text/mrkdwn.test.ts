import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeUrl, unescapeEntities } from './entities.ts';
import { type Inline, parseInline, parseMrkdwn, parsePlain } from './mrkdwn.ts';

const text = (value: string): Inline => ({ type: 'text', text: value });

function wordsOf(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if ('children' in node) return wordsOf(node.children);
      return 'text' in node ? node.text : '';
    })
    .join('');
}

describe('mrkdwn', () => {
  it('reads bold, italic, strike and code', () => {
    expect(parseInline('a *b* _c_ ~d~ `e*f*`', 0)).toEqual([
      text('a '),
      { type: 'bold', children: [text('b')] },
      text(' '),
      { type: 'italic', children: [text('c')] },
      text(' '),
      { type: 'strike', children: [text('d')] },
      text(' '),
      { type: 'code', text: 'e*f*' },
    ]);
  });

  it('nests marks', () => {
    expect(parseInline('*a _b_*', 0)).toEqual([
      { type: 'bold', children: [text('a '), { type: 'italic', children: [text('b')] }] },
    ]);
  });

  it.each(['2 * 3 * 4', 'snake_case_name', 'a * b', '**', '*open', '* a *', '`open', '~ a ~'])(
    'leaves %s as it is',
    (source) => {
      expect(parseInline(source, 0)).toEqual([text(source)]);
    },
  );

  it('does not let a mark run over the end of its line', () => {
    expect(parseInline('*a\nb*', 0)).toEqual([text('*a\nb*')]);
  });

  it('reads links, mentions, channels, broadcasts, emoji and dates', () => {
    const source =
      '<https://a.example/?x=1&amp;y=2|see> <@U1> <#C1|eng> <!here> :eyes: <!date^17^{date} at {time}|then>';
    expect(parseInline(source, 0).filter((node) => node.type !== 'text')).toEqual([
      { type: 'link', url: 'https://a.example/?x=1&y=2', text: 'see' },
      { type: 'user', id: 'U1', label: null },
      { type: 'channel', id: 'C1', label: 'eng' },
      { type: 'broadcast', range: 'here' },
      { type: 'emoji', name: 'eyes' },
      { type: 'date', timestamp: 17, format: '{date} at {time}', url: null, fallback: 'then' },
    ]);
  });

  it('unescapes each entity once', () => {
    expect(parseInline('&lt;b&gt; &amp;lt; &quot;', 0)).toEqual([text('<b> &lt; &quot;')]);
    expect(unescapeEntities('&amp;amp;')).toBe('&amp;');
  });

  it('separates quotes and code blocks from the lines around them', () => {
    expect(parseMrkdwn('a\n&gt; q1\n&gt; q2\n```\nx *y*\n```\nb')).toEqual([
      { type: 'lines', children: [text('a')] },
      { type: 'quote', children: [text('q1\nq2')] },
      { type: 'pre', text: 'x *y*' },
      { type: 'lines', children: [text('b')] },
    ]);
  });

  it('shows an unclosed code block as text', () => {
    expect(parseMrkdwn('a ```b')).toEqual([{ type: 'lines', children: [text('a ```b')] }]);
    expect(
      wordsOf(parseMrkdwn('```a``` ```b').flatMap((block) => ('children' in block ? block.children : []))),
    ).toContain('```b');
  });

  it('keeps times and hours out of emoji names', () => {
    expect(parsePlain('at 10:30:00')).toEqual([text('at 10'), text(':30:'), text('00')]);
    expect(parsePlain('*no* :tada:')).toEqual([text('*no* '), { type: 'emoji', name: 'tada' }]);
  });
});

describe('hostile mrkdwn', () => {
  it('loses no words of a text without tokens, whatever it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z *_~\n]{0,80}$/), (source) => {
        const words = parseMrkdwn(source).flatMap((block) =>
          'children' in block ? wordsOf(block.children) : block.text,
        );
        expect(words.join('').replace(/[*_~\s]/g, '')).toBe(source.replace(/[*_~\s]/g, ''));
      }),
    );
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '|',
      '*',
      '_',
      '~',
      '`',
      '```',
      '&lt;',
      '&gt;',
      '\n',
      '!date^',
      '@U1',
      '#',
      ':',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(Array.isArray(parseMrkdwn(pieces.join('')))).toBe(true);
      }),
    );
  });

  it.each(['*a', '`', '<', '<a', '_*~', '*a* ', '```', ':a', '&gt;\n'])(
    'reads 40,000 characters of %j in no time',
    (unit) => {
      const source = unit.repeat(Math.ceil(40_000 / unit.length));
      const started = performance.now();
      parseMrkdwn(source);
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//evil.example',
    '/\\evil.example',
    'nonsense',
  ])('does not let %s be clicked', (url) => {
    expect(safeUrl(url)).toBeNull();
  });

  it.each(['https://a.example/x', 'http://127.0.0.1:4010/', 'mailto:a@b.example', '/files/F1/a.png'])(
    'lets %s be clicked',
    (url) => {
      expect(safeUrl(url)).toBe(url);
    },
  );
});
