import { describe, expect, it } from 'vitest';
import { idsIn, mrkdwnToText, readRichText, richTextToMarkdown } from './rich-text.ts';

const NAMES = {
  user: (id: string) => ({ U1: 'ana' })[id] ?? id,
  channel: (id: string) => ({ C1: 'eng' })[id] ?? id,
};
const BOT = 'UBOT';

function written(...elements: unknown[]): string {
  const parts = readRichText([{ type: 'rich_text', elements }]);
  return parts ? richTextToMarkdown(parts, NAMES, BOT) : 'none';
}
const section = (...elements: unknown[]) => ({ type: 'rich_text_section', elements });
const text = (words: string, style?: object) => ({ type: 'text', text: words, ...(style && { style }) });

describe('rich text', () => {
  it('loses our own mention and names others', () => {
    const line = section(
      { type: 'user', user_id: BOT },
      text(' ask '),
      { type: 'user', user_id: 'U1' },
      text(' in '),
      { type: 'channel', channel_id: 'C1' },
    );
    expect(written(line)).toBe('ask @ana in #eng');
    expect(idsIn(readRichText([{ type: 'rich_text', elements: [line] }]) ?? [])).toEqual({
      users: [BOT, 'U1'],
      channels: ['C1'],
    });
  });

  it('keeps code as it is, fences longer than what they hold', () => {
    const block = (code: string) => ({ type: 'rich_text_preformatted', elements: [text(code)] });
    expect(written(section(text('run '), text('npm test', { code: true })), block('a < b && c\n'))).toBe(
      'run `npm test`\n```\na < b && c\n```',
    );
    expect(written(block('```js'))).toBe('````\n```js\n````');
  });

  it('writes lists with their depth, and numbers on where Slack splits a list', () => {
    const list = (style: string, indent: number, ...items: string[]) => ({
      type: 'rich_text_list',
      style,
      indent,
      elements: items.map((item) => section(text(item))),
    });
    expect(
      written(list('ordered', 0, 'one'), list('bullet', 1, 'inner'), list('ordered', 0, 'two', 'three')),
    ).toBe('1. one\n  - inner\n2. two\n3. three');
  });

  it('writes quotes, links, emoji and bold words', () => {
    expect(
      written(
        { type: 'rich_text_quote', elements: [text('it says\nno')] },
        section(
          text('very ', { bold: true }),
          { type: 'link', url: 'https://x.test/a', text: 'here' },
          { type: 'emoji', name: 'tada', unicode: '1f389' },
          { type: 'emoji', name: 'our-own' },
        ),
      ),
    ).toBe('> it says\n> no\n**very** [here](https://x.test/a)🎉:our-own:');
  });

  it('leaves out what it does not know and reads the rest', () => {
    expect(written(section(text('a'), { type: 'hologram' }, text('b')), { type: 'rich_text_hologram' })).toBe(
      'ab',
    );
    expect(written()).toBe('none');
  });
});

describe('mrkdwn without rich text', () => {
  it('is read as plain text', () => {
    expect(
      mrkdwnToText(
        '<@UBOT> see <#C1|eng> <@U1> <https://x.test|the page> <https://y.test> a &lt; b &amp;&amp; c <!here>',
        NAMES,
        BOT,
      ),
    ).toBe('see #eng @ana [the page](https://x.test) https://y.test a < b && c @here');
  });
});
