import Anser from 'anser';

export type TerminalSpan = {
  readonly text: string;
  /** A name of the 16 colours such as `red` or `bright-blue`, or `r, g, b`; null: the terminal's own. */
  readonly color: string | null;
  readonly background: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
};

const ESC = '\u001b';
/** Titles and links: from OSC to BEL or ST. */
const OSC = new RegExp(`${ESC}\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)`, 'g');
/** Cursor and screen control: every CSI that is not a colour (`m`). */
const CONTROL = new RegExp(`${ESC}\\[[0-9;?]*[ -/]*[@-ln-~]`, 'g');
/** What is left of escapes that are neither, or that were cut in the middle at the end of the text. */
const OTHER = new RegExp(`${ESC}(?:[()][A-Z0-9]|[=>78cDEHMNOZ]|\\[[0-9;?]*$|$)`, 'g');

/** Terminal output as spans of one style each. Colours are kept, everything that moves a cursor is played or dropped. */
export function terminalSpans(output: string): readonly TerminalSpan[] {
  const plain = overwrite(output.replace(OSC, '').replace(CONTROL, '').replace(OTHER, ''));
  return Anser.ansiToJson(plain, { use_classes: true, remove_empty: true }).map((span) => {
    const decorations = new Set<string>(span.decorations);
    const reverse = decorations.has('reverse');
    const color = colorOf(span.fg, span.fg_truecolor);
    const background = colorOf(span.bg, span.bg_truecolor);
    return {
      text: span.content,
      color: reverse ? background : color,
      background: reverse ? color : background,
      bold: decorations.has('bold'),
      dim: decorations.has('dim'),
      italic: decorations.has('italic'),
      underline: decorations.has('underline'),
    };
  });
}

function colorOf(name: string | null, trueColor: string | null): string | null {
  if (name === null || name === '') return null;
  if (name === 'ansi-truecolor') return trueColor;
  const palette = /^ansi-palette-(\d+)$/.exec(name)?.[1];
  if (palette !== undefined) return paletteColor(Number(palette));
  return name.replace(/^ansi-/, '');
}

/** The 216-colour cube and the greys of xterm, of which the 16 named colours are no part. */
function paletteColor(index: number): string {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `${grey}, ${grey}, ${grey}`;
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level).join(', ');
}

/** Progress bars go back to the start of their line and write over it: only the last state of a line is kept. */
function overwrite(text: string): string {
  if (!text.includes('\r')) return text;
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1) ?? '')
    .join('\n');
}
