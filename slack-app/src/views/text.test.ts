import { describe, expect, it } from 'vitest';
import { code, firstSentence, mrkdwn, oneLine, quoted } from './text.ts';
import { nameOf } from './view-context.ts';

const HEBREW = 'תקן את המבחן';

describe('words of others in a line of ours', () => {
  it('open no block of code that reaches into the next line', () => {
    const lines = ['fix ``` this', 'and\n```js\nconst a = 1;\n```\nthat'].map((text) =>
      firstSentence(text, 200),
    );
    expect(lines).toEqual(['fix ` this', 'and `js const a = 1; ` that']);
  });

  it('leave what stands behind them where it is, when they are written from right to left', () => {
    expect(quoted(`${HEBREW} 3`, 100)).toBe(`“\u2068${HEBREW} 3\u2069”`);
    expect(code(HEBREW)).toBe(`\`\u2068${HEBREW}\u2069\``);
    expect(nameOf({ kind: 'member', id: 'U1', name: 'דנה' })).toBe('@\u2068דנה\u2069');
    expect(quoted('fix it', 100)).toBe('“fix it”');
    expect(quoted(' ', 100)).toBe('“–”');
  });

  it('turn no direction of writing', () => {
    const turned = 'a\u202eb\u202d\u2066c\u2069\u2067';
    expect([oneLine(turned), mrkdwn(turned, 10)]).toEqual(['abc', 'abc']);
    // Marks that only say how a sign is meant are part of the text.
    expect(oneLine(`${HEBREW}\u200f!`)).toBe(`${HEBREW}\u200f!`);
  });
});
