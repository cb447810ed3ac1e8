import { Marked, type Tokens } from 'marked';
import { escapeHtml, type Html, trusted } from './html.ts';

const scheme = /^[a-z][a-z0-9+.-]*:/i;
const webScheme = /^(https?|mailto):/i;

/** Where relative links and pictures of a text lead. */
export type LinkBase = {
  readonly page: (path: string) => string;
  readonly picture: (path: string) => string;
};

/** Renders markdown. HTML in it is shown as text, and links go to the web or into the repository only. */
export function markdown(text: string, base?: LinkBase): Html {
  const renderer = new Marked({ gfm: true, breaks: base === undefined });
  renderer.use({
    renderer: {
      html: ({ text: source }: Tokens.HTML | Tokens.Tag) => escapeHtml(source),
      link({ href, title, tokens }: Tokens.Link) {
        const label = this.parser.parseInline(tokens);
        const target = safeTarget(href, base?.page);
        const tip = title ? ` title="${escapeHtml(title)}"` : '';
        return target ? `<a href="${escapeHtml(target)}" rel="noreferrer"${tip}>${label}</a>` : label;
      },
      image({ href, text: label }: Tokens.Image) {
        const target = safeTarget(href, base?.picture);
        if (!target) return escapeHtml(label);
        return `<img src="${escapeHtml(target)}" alt="${escapeHtml(label)}" loading="lazy">`;
      },
    },
  });
  const rendered = renderer.parse(text, { async: false });
  return trusted(rendered);
}

function safeTarget(href: string, relative: ((path: string) => string) | undefined): string | null {
  // A browser ignores these inside of an address, so `java\tscript:` would be a scheme again.
  const target = href.replace(/[\p{Cc}\s]/gu, '');
  if (scheme.test(target)) return webScheme.test(target) ? target : null;
  // `//host` and `\\host` are other hosts without a scheme.
  if (/^[/\\]{2}/.test(target)) return null;
  if (target.startsWith('#') || !relative) return target;
  return relative(target.replace(/^(\.?\/)+/, ''));
}
