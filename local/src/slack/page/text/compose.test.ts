import { describe, expect, it } from 'vitest';
import { compose, toMrkdwn, toTyped } from './compose.ts';

const directory = {
  people: new Map([
    ['ana', 'U1'],
    ['deckhand', 'U9'],
  ]),
  channels: new Map([['engineering', 'C1']]),
};

describe('composing a message', () => {
  it('turns handles and channel names into elements', () => {
    expect(compose('@deckhand ask @ana in #engineering', directory).elements).toEqual([
      {
        type: 'rich_text_section',
        elements: [
          { type: 'user', user_id: 'U9' },
          { type: 'text', text: ' ask ' },
          { type: 'user', user_id: 'U1' },
          { type: 'text', text: ' in ' },
          { type: 'channel', channel_id: 'C1' },
        ],
      },
    ]);
  });

  it('keeps who is not known as text, and the full stop out of the handle', () => {
    expect(toMrkdwn('@nobody @Ana. mail@ana.example', directory)).toBe('@nobody <@U1>. mail@ana.example');
  });

  it('mentions nobody inside of code', () => {
    expect(compose('`@ana` and\n```\n@ana <b>\n```', directory).elements).toEqual([
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: '@ana', style: { code: true } },
          { type: 'text', text: ' and' },
        ],
      },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '@ana <b>' }] },
    ]);
  });

  it('marks styles, nested ones too', () => {
    expect(compose('*bold _both_* ~gone~', directory).elements).toEqual([
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'bold ', style: { bold: true } },
          { type: 'text', text: 'both', style: { bold: true, italic: true } },
          { type: 'text', text: ' ' },
          { type: 'text', text: 'gone', style: { strike: true } },
        ],
      },
    ]);
  });

  it('links addresses without the punctuation after them', () => {
    expect(toMrkdwn('see (https://a.example/x?a=1&b=2).', directory)).toBe(
      'see (<https://a.example/x?a=1&amp;b=2>).',
    );
  });

  it('does not let typed tokens through as tokens', () => {
    expect(toMrkdwn('<@U1> <!channel> <https://a.example|bank>', directory)).toBe(
      '&lt;@U1&gt; &lt;!channel&gt; &lt;<https://a.example>|bank&gt;',
    );
    expect(compose('<@U1>', directory).elements).toEqual([
      { type: 'rich_text_section', elements: [{ type: 'text', text: '<@U1>' }] },
    ]);
  });

  it('quotes lines that begin with a greater-than sign', () => {
    expect(compose('> yes\nno', directory).elements.map((element) => element.type)).toEqual([
      'rich_text_quote',
      'rich_text_section',
    ]);
  });
});

describe('editing a message', () => {
  it('shows what one would type again', () => {
    const names = { user: (id: string) => (id === 'U1' ? 'ana' : null), channel: () => null };
    const source = '<@U1> <@U7> <#C1|engineering> <!here> <https://a.example/?a&amp;b> a &lt; b';
    expect(toTyped(source, names)).toBe('@ana @U7 #engineering @here https://a.example/?a&b a < b');
  });
});
