import { expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

it.each([
  ['What it made is in <#C0SHOP>.', 'What it made is in a channel.'],
  ['<@U0ANA> asked in <#C0SHOP|shop>', 'a person asked in #shop'],
  ['<https://example.com/7|Pull request #7>, <https://example.com>', 'Pull request #7, https://example.com'],
  ['<!date^1|10:00> and <!here>', '10:00 and @here'],
  ['a &lt; b &amp;&amp; c < d', 'a < b && c < d'],
])('shows %j as %j', (text, shown) => {
  expect(plainText(text)).toBe(shown);
});
