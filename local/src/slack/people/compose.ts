import type { RichTextBlock, RichTextElement } from '@slack/types';
import type { Directory } from '../store/directory.ts';

type SectionElement = RichTextElement;
type Style = { code: true };

/** What a person typed, as Slack would send it. */
export type Composed = { readonly text: string; readonly block: RichTextBlock };

type Token = { readonly text: string; readonly element: SectionElement };

const FENCE = /```\n?([\s\S]*?)\n?```/g;
const INLINE =
  /`(?<code>[^`\n]+)`|(?<url>https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"])|(?<![\w.])@(?<handle>[a-z][\w-]*)|(?<!\w)#(?<channel>[a-z][\w-]*)|(?<!\w):(?<emoji>[a-z0-9_+-]+):/gi;

/** Slack's escape of the three control characters; nothing else is encoded. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Turns typed text into the text and the rich_text block of a message: `@name` and `#name` become mentions when
 * they name someone, links and code are marked, the rest is escaped. Names inside code stay text.
 */
export function compose(typed: string, directory: Directory): Composed {
  const texts: string[] = [];
  const elements: RichTextBlock['elements'] = [];
  let end = 0;
  const addProse = (prose: string): void => {
    if (prose === '') return;
    const tokens = inlineTokens(prose, directory);
    texts.push(tokens.map((token) => token.text).join(''));
    elements.push({ type: 'rich_text_section', elements: tokens.map((token) => token.element) });
  };
  for (const match of typed.matchAll(FENCE)) {
    const code = match[1] ?? '';
    addProse(typed.slice(end, match.index));
    texts.push(`\`\`\`${escapeText(code)}\`\`\``);
    elements.push({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: code }] });
    end = match.index + match[0].length;
  }
  addProse(typed.slice(end));
  return { text: texts.join(''), block: { type: 'rich_text', elements } };
}

function inlineTokens(prose: string, directory: Directory): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of prose.matchAll(INLINE)) {
    const token = special(match.groups ?? {}, directory);
    if (!token) continue;
    if (match.index > end) tokens.push(plain(prose.slice(end, match.index)));
    tokens.push(token);
    end = match.index + match[0].length;
  }
  if (end < prose.length) tokens.push(plain(prose.slice(end)));
  return tokens;
}

function plain(text: string): Token {
  return { text: escapeText(text), element: { type: 'text', text } };
}

/** Null when the match names nobody: then it is plain text. */
function special(groups: Partial<Record<string, string>>, directory: Directory): Token | null {
  const { code, url, handle, channel, emoji } = groups;
  if (code !== undefined) {
    const style: Style = { code: true };
    return { text: `\`${escapeText(code)}\``, element: { type: 'text', text: code, style } };
  }
  if (url !== undefined) return { text: `<${escapeText(url)}>`, element: { type: 'link', url } };
  if (emoji !== undefined) return { text: `:${emoji}:`, element: { type: 'emoji', name: emoji } };
  if (handle !== undefined) {
    const user = directory.userByName(handle);
    return user && { text: `<@${user.id}>`, element: { type: 'user', user_id: user.id } };
  }
  const found = channel === undefined ? null : directory.channelByName(channel.toLowerCase());
  return (
    found && { text: `<#${found.id}|${found.name}>`, element: { type: 'channel', channel_id: found.id } }
  );
}
