import { expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { openStore } from '../store/store.ts';
import { temporaryDir } from '../testing/rig.ts';
import { compose } from './compose.ts';

async function composed(typed: string) {
  const store = openStore(await temporaryDir(), systemClock);
  const result = compose(typed, store.directory);
  store.close();
  return result;
}

it('turns names into mentions and leaves names of nobody alone', async () => {
  const { text } = await composed('@deckhand and @ana, see #engineering; @nobody, me@ana.test, #7');
  expect(text).toBe(
    '<@U0DECKHAND> and <@U0ANALIMA0>, see <#C0ENGINEER|engineering>; @nobody, me@ana.test, #7',
  );
});

it('escapes the three control characters, also in code, and links addresses without their full stop', async () => {
  const { text } = await composed('a < b && `c > d` https://x.test/?a=1&b=2.');
  expect(text).toBe('a &lt; b &amp;&amp; `c &gt; d` <https://x.test/?a=1&amp;b=2>.');
});

it('keeps names inside code as text and makes blocks of fences', async () => {
  const { text, block } = await composed('look:\n```\n@deckhand <x>\n```\nand `@ana`');
  expect(text).toBe('look:\n```@deckhand &lt;x&gt;```\nand `@ana`');
  expect(block.elements).toEqual([
    { type: 'rich_text_section', elements: [{ type: 'text', text: 'look:\n' }] },
    { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '@deckhand <x>' }] },
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: '\nand ' },
        { type: 'text', text: '@ana', style: { code: true } },
      ],
    },
  ]);
});
