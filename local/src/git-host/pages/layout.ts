import type { Repository } from '../repositories.ts';
import { type Html, html } from './html.ts';
import { icon } from './icons.ts';

/** What every page shows around its content. */
export type Frame = {
  readonly title: string;
  /** Who acts on this page. */
  readonly person: string;
  /** The address of the page, to come back to after the person was changed. */
  readonly here: string;
  readonly repository?: { readonly of: Repository; readonly tab: Tab; readonly openCount: number };
  /** Where a page that follows its own changes reads them. */
  readonly live?: string;
};

export type Tab = 'code' | 'pulls' | 'commits' | 'branches';

// The people of the local Slack workspace.
const people = ['Ana', 'Bo', 'Chidi'];

/** A whole page. */
export function page(frame: Frame, content: Html): string {
  const { repository } = frame;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${frame.title} · Deckhand git host</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/page.js" defer></script>
</head>
<body${frame.live !== undefined && html` data-live="${frame.live}"`}>
<a class="skip" href="#content">Skip to content</a>
<header class="top">
  <a class="brand" href="/">${icon('anchor')}<span>Git host</span></a>
  ${repository ? repositoryCrumb(repository.of) : null}
  ${personMenu(frame)}
</header>
${repository ? tabs(repository) : null}
<main id="content">${content}</main>
<footer>A local stand-in for GitHub. Everything here stays on this machine.</footer>
</body>
</html>`.html;
}

function repositoryCrumb({ name }: Repository): Html {
  const [owner = '', short = ''] = name.split('/');
  return html`<nav class="crumb" aria-label="Repository"><span>${owner}</span><span class="slash">/</span><a
    href="/${name}">${short}</a></nav>`;
}

function tabs({ of, tab, openCount }: NonNullable<Frame['repository']>): Html {
  const link = (name: Tab, href: string, label: Html) =>
    html`<a href="${href}"${name === tab && html` aria-current="page"`}>${label}</a>`;
  const count = openCount > 0 ? html` <span class="count">${openCount}</span>` : null;
  return html`<nav class="tabs" aria-label="Sections">
    ${link('code', `/${of.name}`, html`${icon('code')}Code`)}
    ${link('pulls', `/${of.name}/pulls`, html`${icon('pull')}Pull requests${count}`)}
    ${link('commits', `/${of.name}/commits`, html`${icon('commit')}Commits`)}
    ${link('branches', `/${of.name}/branches`, html`${icon('branch')}Branches`)}
  </nav>`;
}

function personMenu({ person, here }: Frame): Html {
  const names = [...new Set([...people, person])];
  return html`<details class="person">
    <summary aria-label="You are ${person}. Change">${avatar(person)}<span>${person}</span></summary>
    <div class="menu"><form method="post" action="/me">
      <p>On this page you are</p>
      <input type="hidden" name="back" value="${here}">
      <div class="names">${names.map((name) => {
        return html`<button name="name" value="${name}"${name === person && html` aria-current="true"`}>${avatar(name)}${name}</button>`;
      })}</div>
    </form>
    <form method="post" action="/me">
      <input type="hidden" name="back" value="${here}">
      <label>Somebody else <input name="name" maxlength="40" required autocomplete="off"></label>
      <button>Use</button>
    </form></div>
  </details>`;
}

/** Initials in a circle; the same name has the same colour everywhere. */
export function avatar(name: string): Html {
  const words = name.split(/\s+/).filter(Boolean);
  const initials = words.map((word) => [...word][0] ?? '').slice(0, 2);
  let sum = 0;
  for (const character of name) sum = (sum * 54 + (character.codePointAt(0) ?? 0)) % 997;
  return html`<span class="avatar hue-${sum % 6}" aria-hidden="true">${initials.join('').toUpperCase()}</span>`;
}

/** A moment as people say it, with the exact time as its tip. */
export function ago(iso: string, now = Date.now()): Html {
  return html`<time datetime="${iso}" title="${iso}">${inWords((now - Date.parse(iso)) / 1000, iso)}</time>`;
}

function inWords(seconds: number, iso: string): string {
  if (!Number.isFinite(seconds)) return 'at an unknown time';
  if (seconds < 45) return 'just now';
  const steps = [
    { unit: 'minute', length: 60, until: 3_600 },
    { unit: 'hour', length: 3_600, until: 86_400 },
    { unit: 'day', length: 86_400, until: 30 * 86_400 },
  ];
  const step = steps.find(({ until }) => seconds < until);
  if (!step) return `on ${iso.slice(0, 10)}`;
  const count = Math.max(1, Math.round(seconds / step.length));
  return `${plural(count, step.unit)} ago`;
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A page that only says something went wrong. */
export function problem(frame: Omit<Frame, 'title'>, title: string, reason: string): string {
  return page({ ...frame, title }, html`<section class="empty"><h1>${title}</h1><p>${reason}</p></section>`);
}
