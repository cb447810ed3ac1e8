import { describe, expect, it } from 'vitest';
import { terminalSpans } from './ansi.ts';

const ESC = '\u001b';
const textOf = (output: string) =>
  terminalSpans(output)
    .map((span) => span.text)
    .join('');

describe('terminal output', () => {
  it('keeps colours and weight', () => {
    expect(terminalSpans(`plain ${ESC}[1;31mred${ESC}[0m after`)).toMatchObject([
      { text: 'plain ', color: null, bold: false },
      { text: 'red', color: 'red', bold: true },
      { text: ' after', color: null, bold: false },
    ]);
  });

  it('knows the 256 colours and true colour', () => {
    expect(terminalSpans(`${ESC}[38;5;196ma`)[0]?.color).toBe('255, 0, 0');
    expect(terminalSpans(`${ESC}[38;2;1;2;3mb`)[0]?.color).toBe('1, 2, 3');
    expect(terminalSpans(`${ESC}[38;5;9mc`)[0]?.color).toBe('bright-red');
  });

  it('shows only the last state of a line that was written over', () => {
    expect(textOf('10 %\r50 %\r100 %\nnext')).toBe('100 %\nnext');
    expect(textOf('windows\r\nline')).toBe('windows\nline');
  });

  it('drops what moves the cursor, sets titles, or was cut in the middle', () => {
    expect(textOf(`${ESC}[2K${ESC}[1Ga${ESC}[?25lb${ESC}]0;title\u0007c${ESC}[`)).toBe('abc');
  });

  it('leaves markup as the text it is', () => {
    expect(textOf('<b>&amp;</b>')).toBe('<b>&amp;</b>');
  });
});
