/** One thing that can be put in while typing. */
export type Suggestion = {
  readonly key: string;
  readonly insert: string;
  readonly title: string;
  readonly hint: string;
  readonly emoji?: string;
};

/** The word that is being typed, when it is one that can be completed. */
export type Query = { readonly sign: '@' | '#' | '/' | ':'; readonly word: string; readonly start: number };

/** Looks at what is left of the caret: `@an`, `#eng`, `:roc`, or `/deck` at the very start. Not inside of code. */
export function queryAt(text: string, caret: number): Query | null {
  const left = text.slice(0, caret);
  const command = /^\/(\S*)$/.exec(left);
  if (command) return { sign: '/', word: command[1] ?? '', start: 0 };
  if ((left.split('```').length - 1) % 2 === 1) return null;
  const found = /(?:^|[\s(])([@#:])([\p{L}\p{N}._+-]*)$/u.exec(left);
  const sign = found?.[1];
  const word = found?.[2] ?? '';
  if (sign === '@' || sign === '#') return { sign, word, start: caret - word.length - 1 };
  return sign === ':' && word.length >= 2 ? { sign, word, start: caret - word.length - 1 } : null;
}

/** The text after a suggestion was taken, and where the caret goes. */
export function take(
  text: string,
  caret: number,
  query: Query,
  suggestion: Suggestion,
): { text: string; caret: number } {
  const before = `${text.slice(0, query.start)}${suggestion.insert} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}

/** Puts marks around the selection, or takes them away when they are there. */
export function toggleMark(
  text: string,
  range: { start: number; end: number },
  mark: string,
): { text: string; start: number; end: number } {
  const { start, end } = range;
  const length = mark.length;
  const isMarked = text.slice(start - length, start) === mark && text.slice(end, end + length) === mark;
  if (isMarked) {
    return {
      text: text.slice(0, start - length) + text.slice(start, end) + text.slice(end + length),
      start: start - length,
      end: end - length,
    };
  }
  return {
    text: text.slice(0, start) + mark + text.slice(start, end) + mark + text.slice(end),
    start: start + length,
    end: end + length,
  };
}
