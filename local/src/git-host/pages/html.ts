/** Text that is HTML already. Only this file and the markdown renderer make it. */
export type Html = { readonly html: string };

type Part = Html | string | number | null | false | readonly Part[];

/** Builds HTML: every text that is put in is escaped, every piece of HTML is taken as it is. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((page, text, index) => page + write(parts[index - 1] ?? null) + text) };
}

/** Escapes a text for HTML, for element content and for quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Declares a text as HTML. Only for what has been escaped by other means. */
export function trusted(text: string): Html {
  return { html: text };
}

function write(part: Part): string {
  if (part === null || part === false) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(write).join('');
}
