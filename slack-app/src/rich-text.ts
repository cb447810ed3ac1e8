import { z } from 'zod';

/** Names of people and channels by id. */
export type Names = {
  user(id: string): string;
  channel(id: string): string;
};

const styleSchema = z
  .object({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
  })
  .optional()
  .catch(undefined);

const elementSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), style: styleSchema }),
  z.object({ type: z.literal('link'), url: z.string(), text: z.string().optional(), style: styleSchema }),
  z.object({ type: z.literal('user'), user_id: z.string() }),
  z.object({ type: z.literal('usergroup'), usergroup_id: z.string() }),
  z.object({ type: z.literal('channel'), channel_id: z.string() }),
  z.object({ type: z.literal('broadcast'), range: z.string() }),
  z.object({ type: z.literal('emoji'), name: z.string(), unicode: z.string().optional() }),
  z.object({ type: z.literal('date'), timestamp: z.number(), fallback: z.string().optional() }),
  z.object({ type: z.literal('color'), value: z.string() }),
]);
type Element = z.infer<typeof elementSchema>;

/** Slack adds kinds of elements over time: one that is not known is left out, the rest is still read. */
const elementsSchema = z.array(z.unknown()).transform((items) =>
  items.flatMap((item) => {
    const parsed = elementSchema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  }),
);

const sectionSchema = z.object({ type: z.literal('rich_text_section'), elements: elementsSchema });
const partSchema = z.discriminatedUnion('type', [
  sectionSchema,
  z.object({
    type: z.literal('rich_text_list'),
    style: z.enum(['bullet', 'ordered']).catch('bullet'),
    indent: z.number().int().min(0).max(8).catch(0),
    offset: z.number().int().min(0).catch(0),
    elements: z.array(z.object({ elements: elementsSchema })),
  }),
  z.object({ type: z.literal('rich_text_quote'), elements: elementsSchema }),
  z.object({
    type: z.literal('rich_text_preformatted'),
    elements: elementsSchema,
    language: z.string().optional(),
  }),
]);
type Part = z.infer<typeof partSchema>;

const blockSchema = z.object({ type: z.literal('rich_text'), elements: z.array(z.unknown()) });

/** The rich text of a message as its parts; null when the message has none, as from an API or an old client. */
export function readRichText(blocks: readonly unknown[] | undefined): readonly Part[] | null {
  const parts = (blocks ?? []).flatMap((block) => {
    const parsed = blockSchema.safeParse(block);
    return parsed.success ? parsed.data.elements : [];
  });
  const read = parts.flatMap((part) => {
    const parsed = partSchema.safeParse(part);
    return parsed.success ? [parsed.data] : [];
  });
  return read.length === 0 ? null : read;
}

/** The people and channels that a message names, to be looked up before it is written out. */
export function idsIn(parts: readonly Part[]): { readonly users: string[]; readonly channels: string[] } {
  const elements = parts.flatMap((part) =>
    part.type === 'rich_text_list' ? part.elements.flatMap((item) => item.elements) : part.elements,
  );
  return {
    users: elements.flatMap((element) => (element.type === 'user' ? [element.user_id] : [])),
    channels: elements.flatMap((element) => (element.type === 'channel' ? [element.channel_id] : [])),
  };
}

/**
 * Rich text as the markdown that its writer would have typed: code as it is, lists, quotes, links, people and channels
 * by name. The mention of `botUserId` is left out. Pure.
 */
export function richTextToMarkdown(parts: readonly Part[], names: Names, botUserId: string): string {
  const counters = new Map<number, number>();
  const written = parts.map((part) => writePart(part, { names, botUserId, counters }));
  return written
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

type Writing = {
  readonly names: Names;
  readonly botUserId: string;
  /** The last number of an ordered list by its depth: Slack splits a list where its depth changes. */
  readonly counters: Map<number, number>;
};

function writePart(part: Part, writing: Writing): string {
  if (part.type !== 'rich_text_list') writing.counters.clear();
  switch (part.type) {
    case 'rich_text_section':
      return writeElements(part.elements, writing).replace(/\n$/, '');
    case 'rich_text_quote':
      return writeElements(part.elements, writing)
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n');
    case 'rich_text_preformatted': {
      const code = part.elements.map(rawText).join('').replace(/\n$/, '');
      const fence = code.includes('```') ? '````' : '```';
      return `${fence}${part.language ?? ''}\n${code}\n${fence}`;
    }
    case 'rich_text_list':
      return writeList(part, writing);
  }
}

function writeList(list: Extract<Part, { type: 'rich_text_list' }>, writing: Writing): string {
  for (const depth of writing.counters.keys()) if (depth > list.indent) writing.counters.delete(depth);
  const lines = list.elements.map((item) => {
    const number = (writing.counters.get(list.indent) ?? list.offset) + 1;
    writing.counters.set(list.indent, number);
    const mark = list.style === 'ordered' ? `${number}.` : '-';
    return `${'  '.repeat(list.indent)}${mark} ${writeElements(item.elements, writing).trim()}`;
  });
  return lines.join('\n');
}

function writeElements(elements: readonly Element[], writing: Writing): string {
  return elements.map((element) => writeElement(element, writing)).join('');
}

function writeElement(element: Element, { names, botUserId }: Writing): string {
  switch (element.type) {
    case 'text':
      return styled(element.text, element.style);
    case 'link':
      return element.text && element.text !== element.url ? `[${element.text}](${element.url})` : element.url;
    case 'user':
      return element.user_id === botUserId ? '' : `@${names.user(element.user_id)}`;
    case 'usergroup':
      return `@${element.usergroup_id}`;
    case 'channel':
      return `#${names.channel(element.channel_id)}`;
    case 'broadcast':
      return `@${element.range}`;
    case 'emoji':
      return emoji(element);
    case 'date':
      return element.fallback ?? new Date(element.timestamp * 1000).toISOString();
    case 'color':
      return element.value;
  }
}

/** Only code changes what the words mean to an agent; bold and italic are kept as markdown. */
function styled(text: string, style: z.infer<typeof styleSchema>): string {
  if (text.trim() === '' || !style) return text;
  if (style.code) return wrap(text, text.includes('`') ? '``' : '`');
  const struck = style.strike ? wrap(text, '~~') : text;
  const slanted = style.italic ? wrap(struck, '_') : struck;
  return style.bold ? wrap(slanted, '**') : slanted;
}

/** Marks stand at the words: markdown does not take `** bold **`. */
function wrap(text: string, mark: string): string {
  const [, before = '', inner = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return `${before}${mark}${inner}${mark}${after}`;
}

function emoji(element: Extract<Element, { type: 'emoji' }>): string {
  const points = (element.unicode ?? '').split('-').map((point) => Number.parseInt(point, 16));
  const isKnown = element.unicode !== undefined && points.every((point) => point > 0 && point <= 0x10ffff);
  return isKnown ? String.fromCodePoint(...points) : `:${element.name}:`;
}

function rawText(element: Element): string {
  if (element.type === 'text') return element.text;
  return element.type === 'link' ? element.url : '';
}

/** The people and channels that an mrkdwn text names. */
export function idsInMrkdwn(text: string): { readonly users: string[]; readonly channels: string[] } {
  return {
    users: [...text.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g)].map((match) => match[1] ?? ''),
    channels: [...text.matchAll(/<#([CDG][A-Z0-9]+)\|?>/g)].map((match) => match[1] ?? ''),
  };
}

/** Slack's own mrkdwn (`<@U1>`, `<https://x|label>`, `&amp;`) as plain text, for messages without rich text. Pure. */
export function mrkdwnToText(text: string, names: Names, botUserId: string): string {
  return text
    .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) =>
      id === botUserId ? '' : `@${names.user(id)}`,
    )
    .replace(
      /<#([CDG][A-Z0-9]+)(?:\|([^>]*))?>/g,
      (_, id: string, name?: string) => `#${name || names.channel(id)}`,
    )
    .replace(/<!(?:subteam\^[A-Z0-9]+\|)?([^|>^]+)[^>]*>/g, (_, name: string) => `@${name.replace(/^@/, '')}`)
    .replace(/<([a-z][a-z0-9+.-]*:[^|>]+)\|([^>]+)>/gi, (_, url: string, label: string) =>
      label === url ? url : `[${label}](${url})`,
    )
    .replace(/<([a-z][a-z0-9+.-]*:[^|>]+)>/gi, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}
