import { truncate } from './limits.ts';

/** Characters that Slack would read as markup, as entities. */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * What is not text at all: Slack shows control characters as boxes or refuses them, lone surrogates break its JSON, and
 * what turns the direction of writing would turn our own words behind it too.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

/** Makes any text safe for a mrkdwn field and for `text`: no mention, link or broadcast can come out of it. */
function escapeMrkdwn(text: string): string {
  return clean(text).replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** Keeps line breaks and tabs, drops other control characters, turns of direction and halves of characters. */
export function clean(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\n' || character === '\t' ? character : '',
  );
}

/**
 * Escapes and cuts to `max` characters of what is sent. The cut is made before the escape, so that it never goes
 * through the middle of an entity, and again shorter when the escaped text is too long.
 */
export function mrkdwn(text: string, max: number): string {
  const escaped = escapeMrkdwn(text);
  if (escaped.length <= max) return escaped;
  let room = Math.min(text.length, max);
  while (room > 0) {
    const shorter = escapeMrkdwn(truncate(text, room));
    if (shorter.length <= max) return shorter;
    room -= Math.max(1, Math.ceil((shorter.length - max) / 5));
  }
  return '';
}

/** A text on one line, for quoting in a sentence or a button. A fence has no place in a line: it would reach into the next. */
export function oneLine(text: string): string {
  return clean(text).replace(/`{3,}/g, '`').replace(/\s+/g, ' ').trim();
}

/** Letters of Hebrew, Arabic and the other scripts that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Words of others in a line of ours, escaped: written from right to left they would pull over what stands behind them. */
export function apart(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** A request in quotation marks, in a line of ours. */
export function quoted(text: string, max: number): string {
  return `“${apart(mrkdwn(firstSentence(text, max), max)) || '–'}”`;
}

/** Inline code in mrkdwn. A backtick would end it early, so it becomes an apostrophe; formatting cannot leak out. */
export function code(text: string, max = 200): string {
  const inner = mrkdwn(oneLine(text).replaceAll('`', 'ˋ'), max);
  return inner === '' ? '' : `\`${apart(inner)}\``;
}

/** A link in mrkdwn. A URL that is not http(s) is left out: only its label is shown. */
export function link(url: string, label: string): string {
  const shown = mrkdwn(oneLine(label).replaceAll('|', '¦'), 200);
  if (!isWebUrl(url)) return shown;
  return `<${url.replaceAll('|', '%7C').replace(/[<>]/g, encodeURIComponent)}|${shown}>`;
}

/** Whether Slack would take it as a button's or link's address (3,000 characters at most). */
export function isWebUrl(url: string): boolean {
  return url.length <= 3_000 && /^https?:\/\/\S+$/.test(url);
}

/**
 * Makes the agent's markdown safe for a markdown block: a mention or broadcast in it stays text, a fence that the cut
 * left open is closed, and it is at most `max` characters.
 */
export function markdown(text: string, max: number): string {
  const safe = clean(text)
    .replace(/<(?=[!@#])/g, '<\u200b')
    .trim();
  const cut = truncate(safe, max - CLOSING_FENCE.length);
  return hasOpenFence(cut) ? `${cut}${CLOSING_FENCE}` : cut;
}

const CLOSING_FENCE = '\n```';

function hasOpenFence(text: string): boolean {
  return (text.match(/^\s*```/gm)?.length ?? 0) % 2 === 1;
}

/**
 * A request restated in a sentence: its first lines up to `max` characters, ended at a sentence where there is one.
 */
export function firstSentence(text: string, max: number): string {
  const line = oneLine(text);
  const sentence = /^.{20,}?[.!?](?=\s|$)/u.exec(line)?.[0] ?? line;
  return truncate(sentence, max);
}
