import type { RichTextBlock, RichTextElement, RichTextSection } from '@slack/types';
import { escapeEntities, unescapeEntities } from './entities.ts';
import { type Inline, type MrkdwnBlock, parseMrkdwn } from './mrkdwn.ts';

/** Who and what can be mentioned: handles and channel names, without `@` and `#`, to ids. */
export type Directory = {
  readonly people: ReadonlyMap<string, string>;
  readonly channels: ReadonlyMap<string, string>;
};

/** Turns what was typed (`@ana look at *this*`) into the block of a message. */
export function compose(typed: string, directory: Directory): RichTextBlock {
  return richTextOf(parseMrkdwn(toMrkdwn(typed.trim(), directory)));
}

const code = /```[\s\S]*?```|`[^`\n]+`/g;

/** What was typed as mrkdwn source: escaped, and mentions and addresses outside of code as tokens. */
export function toMrkdwn(typed: string, directory: Directory): string {
  let out = '';
  let at = 0;
  for (const found of typed.matchAll(code)) {
    out += markUp(typed.slice(at, found.index), directory) + escapeEntities(found[0]);
    at = found.index + found[0].length;
  }
  return out + markUp(typed.slice(at), directory);
}

// Handles, channel names and addresses. A word before the sign makes it part of a mail address.
const special = /(?<![\p{L}\p{N}_])([@#])([\p{L}\p{N}][\p{L}\p{N}._-]*)|https?:\/\/[^\s<>|"]+/gu;

function markUp(typed: string, directory: Directory): string {
  let out = '';
  let at = 0;
  for (const found of typed.matchAll(special)) {
    out += escapeEntities(typed.slice(at, found.index));
    out += found[1] === undefined ? linkToken(found[0]) : mentionToken(found[1], found[2] ?? '', directory);
    at = found.index + found[0].length;
  }
  return out + escapeEntities(typed.slice(at));
}

function linkToken(address: string): string {
  // The full stop that ends the sentence is not part of the address.
  const url = address.replace(/[.,;:!?)\]'*_~]+$/, '');
  return `<${escapeEntities(url)}>${escapeEntities(address.slice(url.length))}`;
}

function mentionToken(sign: string, word: string, directory: Directory): string {
  if (sign === '@' && /^(here|channel|everyone)$/.test(word)) return `<!${word}>`;
  const known = sign === '@' ? directory.people : directory.channels;
  for (const name of [word, word.replace(/[._-]+$/, '')]) {
    const id = known.get(name.toLowerCase());
    if (id === undefined) continue;
    const token = sign === '@' ? `<@${id}>` : `<#${id}|${name.toLowerCase()}>`;
    return token + word.slice(name.length);
  }
  return escapeEntities(sign + word);
}

/** The other way round, to edit a message: tokens become what one would type. */
export function toTyped(
  text: string,
  names: { user: (id: string) => string | null; channel: (id: string) => string | null },
): string {
  const typed = text.replace(/<([^<>]+)>/g, (token, inner: string) => {
    const [head = '', label] = inner.split('|');
    const id = head.slice(1);
    if (head.startsWith('@')) return `@${names.user(id) ?? label ?? id}`;
    if (head.startsWith('#')) return `#${names.channel(id) ?? label ?? id}`;
    if (/^!(here|channel|everyone)$/.test(head)) return `@${id}`;
    return /^(https?|mailto):/.test(head) ? head.replace(/^mailto:/, '') : token;
  });
  return unescapeEntities(typed);
}

/** The same message as a rich_text block. */
export function richTextOf(blocks: readonly MrkdwnBlock[]): RichTextBlock {
  return { type: 'rich_text', elements: blocks.map(partOf) };
}

function partOf(block: MrkdwnBlock): RichTextBlock['elements'][number] {
  if (block.type === 'pre')
    return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: block.text }] };
  const elements = block.children.flatMap((child) => elementsOf(child, {}));
  if (block.type === 'quote') return { type: 'rich_text_quote', elements };
  return { type: 'rich_text_section', elements } satisfies RichTextSection;
}

type Style = { bold?: true; italic?: true; strike?: true; code?: true };

function elementsOf(node: Inline, style: Style): RichTextElement[] {
  const styled = Object.keys(style).length > 0 ? { style } : {};
  switch (node.type) {
    case 'text':
      return [{ type: 'text', text: node.text, ...styled }];
    case 'code':
      return [{ type: 'text', text: node.text, style: { ...style, code: true } }];
    case 'bold':
    case 'italic':
    case 'strike':
      return node.children.flatMap((child) => elementsOf(child, { ...style, [node.type]: true }));
    case 'link':
      return [
        { type: 'link', url: node.url, ...(node.text === node.url ? {} : { text: node.text }), ...styled },
      ];
    case 'user':
      return [{ type: 'user', user_id: node.id, ...styled }];
    case 'channel':
      return [{ type: 'channel', channel_id: node.id, ...styled }];
    case 'broadcast':
      return [broadcastOf(node.range)];
    case 'date':
      return [{ type: 'date', timestamp: node.timestamp, format: node.format, fallback: node.fallback }];
    case 'emoji':
      return [{ type: 'emoji', name: node.name }];
  }
}

function broadcastOf(range: string): RichTextElement {
  if (range === 'here' || range === 'channel' || range === 'everyone') return { type: 'broadcast', range };
  return { type: 'text', text: `@${range}` };
}
