import { unescapeEntities } from './entities.ts';

export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'link'; readonly url: string; readonly text: string }
  | { readonly type: 'user'; readonly id: string; readonly label: string | null }
  | { readonly type: 'channel'; readonly id: string; readonly label: string | null }
  | { readonly type: 'broadcast'; readonly range: string }
  | {
      readonly type: 'date';
      readonly timestamp: number;
      readonly format: string;
      readonly url: string | null;
      readonly fallback: string;
    }
  | { readonly type: 'emoji'; readonly name: string };

export type MrkdwnBlock =
  | { readonly type: 'lines'; readonly children: readonly Inline[] }
  | { readonly type: 'quote'; readonly children: readonly Inline[] }
  | { readonly type: 'pre'; readonly text: string };

const marks: Record<string, 'bold' | 'italic' | 'strike'> = { '*': 'bold', _: 'italic', '~': 'strike' };
// Deeper nesting than this is an attack, not a sentence; it is shown as it was typed.
const maxDepth = 6;

/** Parses Slack's mrkdwn. Total: anything that is not well-formed stays text. Time is linear in the length. */
export function parseMrkdwn(source: string): MrkdwnBlock[] {
  const blocks: MrkdwnBlock[] = [];
  const parts = source.split('```');
  // An opening fence without a closing one is text.
  if (parts.length % 2 === 0) parts.push(`${parts.splice(-2, 1).join('')}\`\`\`${parts.pop() ?? ''}`);
  parts.forEach((part, index) => {
    if (index % 2 === 1) blocks.push({ type: 'pre', text: unescapeEntities(part.replace(/^\n|\n$/g, '')) });
    else
      blocks.push(
        ...parseProse(trimBesideFence(part, { after: index > 0, before: index < parts.length - 1 })),
      );
  });
  return blocks;
}

function trimBesideFence(part: string, beside: { after: boolean; before: boolean }): string {
  const start = beside.after ? part.replace(/^\n/, '') : part;
  return beside.before ? start.replace(/\n$/, '') : start;
}

function parseProse(text: string): MrkdwnBlock[] {
  if (text === '') return [];
  const blocks: MrkdwnBlock[] = [];
  for (const run of runsOfLines(text)) {
    const children = parseInline(run.lines.join('\n'), 0);
    blocks.push({ type: run.quoted ? 'quote' : 'lines', children });
  }
  return blocks;
}

function runsOfLines(text: string): { quoted: boolean; lines: string[] }[] {
  const runs: { quoted: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^(&gt;|>)/.test(line);
    const content = quoted ? line.replace(/^(&gt;|>) ?/, '') : line;
    const last = runs.at(-1);
    if (last?.quoted === quoted) last.lines.push(content);
    else runs.push({ quoted, lines: [content] });
  }
  return runs;
}

/** Parses plain text of an app: entities and emoji names, nothing else. */
export function parsePlain(source: string): Inline[] {
  return source.split(/(:[a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?:)/).flatMap((part): Inline[] => {
    if (part === '') return [];
    const isName = /^:.+:$/.test(part) && !/^:\d+:$/.test(part);
    return [
      isName ? { type: 'emoji', name: part.slice(1, -1) } : { type: 'text', text: unescapeEntities(part) },
    ];
  });
}

type Scan = {
  readonly source: string;
  readonly depth: number;
  readonly out: Inline[];
  text: string;
  at: number;
  readonly dead: Record<string, number>;
};

/** Parses one run of text: marks, code, emoji and `<…>` tokens; newlines stay in the text. */
export function parseInline(source: string, depth: number): Inline[] {
  const scan: Scan = { source, depth, out: [], text: '', at: 0, dead: {} };
  while (scan.at < source.length) {
    const found = take(scan);
    if (found) {
      flush(scan);
      scan.out.push(found.node);
      scan.at = found.end;
    } else {
      scan.text += source[scan.at];
      scan.at += 1;
    }
  }
  flush(scan);
  return scan.out;
}

function flush(scan: Scan): void {
  if (scan.text !== '') scan.out.push({ type: 'text', text: unescapeEntities(scan.text) });
  scan.text = '';
}

type Found = { readonly node: Inline; readonly end: number };

function take(scan: Scan): Found | null {
  const char = scan.source[scan.at] ?? '';
  if (char === '<') return takeToken(scan);
  if (char === '`') return takeCode(scan);
  if (char === ':') return takeEmoji(scan);
  return char in marks ? takeMarked(scan, char) : null;
}

function takeCode(scan: Scan): Found | null {
  // Two or three in a row are a fence that was not closed.
  if (scan.source[scan.at + 1] === '`' || scan.source[scan.at - 1] === '`') return null;
  const end = closing(scan, '`', () => true);
  if (end === null) return null;
  return {
    node: { type: 'code', text: unescapeEntities(scan.source.slice(scan.at + 1, end)) },
    end: end + 1,
  };
}

function takeEmoji(scan: Scan): Found | null {
  const pattern = /:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/y;
  pattern.lastIndex = scan.at;
  const name = pattern.exec(scan.source)?.[1];
  if (name === undefined || /^\d+$/.test(name)) return null;
  return { node: { type: 'emoji', name }, end: scan.at + name.length + 2 };
}

function takeMarked(scan: Scan, mark: string): Found | null {
  const { source, at, depth } = scan;
  const type = marks[mark];
  const opens = !isWord(source[at - 1]) && !/^[\s]?$/.test(source[at + 1] ?? '') && source[at + 1] !== mark;
  if (!opens || type === undefined || depth >= maxDepth) return null;
  const end = closing(
    scan,
    mark,
    (i) => !/\s/.test(source[i - 1] ?? ' ') && !isWord(source[i + 1]) && source[i + 1] !== mark,
  );
  if (end === null) return null;
  return { node: { type, children: parseInline(source.slice(at + 1, end), depth + 1) }, end: end + 1 };
}

/**
 * The index of the mark that closes the one at the current place, on the same line. A line on which none was found
 * is remembered, so that a thousand openers do not cost a thousand searches.
 */
function closing(scan: Scan, mark: string, closes: (index: number) => boolean): number | null {
  const { source, at, dead } = scan;
  if ((dead[mark] ?? -1) > at) return null;
  const newline = source.indexOf('\n', at);
  const lineEnd = newline === -1 ? source.length : newline;
  for (let i = source.indexOf(mark, at + 2); i !== -1 && i < lineEnd; i = source.indexOf(mark, i + 1)) {
    if (closes(i)) return i;
  }
  dead[mark] = lineEnd;
  return null;
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}]/u.test(char);
}

function takeToken(scan: Scan): Found | null {
  if ((scan.dead['<'] ?? -1) > scan.at) return null;
  const end = scan.source.indexOf('>', scan.at);
  if (end === -1) scan.dead['<'] = scan.source.length;
  if (end <= scan.at + 1 || scan.source.lastIndexOf('<', end) !== scan.at) return null;
  const node = tokenOf(scan.source.slice(scan.at + 1, end));
  return node ? { node, end: end + 1 } : null;
}

function tokenOf(token: string): Inline | null {
  const bar = token.indexOf('|');
  const head = bar === -1 ? token : token.slice(0, bar);
  const label = bar === -1 ? null : unescapeEntities(token.slice(bar + 1));
  if (/^@[A-Z0-9]+$/.test(head)) return { type: 'user', id: head.slice(1), label };
  if (/^#[A-Z0-9]+$/.test(head)) return { type: 'channel', id: head.slice(1), label };
  if (head.startsWith('!date^')) return dateOf(head, label ?? '');
  if (head.startsWith('!subteam^')) return { type: 'broadcast', range: (label ?? 'group').replace(/^@/, '') };
  if (/^!(here|channel|everyone)$/.test(head)) return { type: 'broadcast', range: head.slice(1) };
  if (!/^[a-z][a-z0-9+.-]*:/i.test(head) || /\s/.test(head)) return null;
  const url = unescapeEntities(head);
  return { type: 'link', url, text: label ?? url.replace(/^mailto:/, '') };
}

function dateOf(head: string, fallback: string): Inline | null {
  const [, seconds = '', format = '', url] = head.split('^');
  const timestamp = Number(seconds);
  if (!/^\d{1,11}$/.test(seconds)) return null;
  return { type: 'date', timestamp, format, url: url === undefined ? null : unescapeEntities(url), fallback };
}
