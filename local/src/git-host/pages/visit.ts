import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Host } from '../host.ts';
import type { Repository } from '../repositories.ts';
import { type Frame, problem, type Tab } from './layout.ts';

/** The cookie that says who acts. Cookies know no ports, so its name is this host's own. */
export const personCookie = 'deckhand_git_person';

/** Who acts on this page. Not a proof of anything: whoever reaches the page may be anybody. */
export function personOf(context: Context): string {
  return readPerson(getCookie(context, personCookie)) ?? 'Ana';
}

/** A name that can be shown and put into a commit, or `null`. */
export function readPerson(text: string | undefined): string | null {
  const name = (text ?? '').replace(/[\p{C}<>]/gu, '').trim();
  return name === '' || name.length > 40 ? null : name;
}

/** The parts of the frame that follow from the request. */
export function frameOf(context: Context): Pick<Frame, 'person' | 'here'> {
  const { pathname, search } = new URL(context.req.url);
  const isForm = context.req.method !== 'GET';
  // After a refused form the address is one that only takes forms: its page is one level up.
  const here = isForm ? pathname.replace(/\/[a-z]+$/, '') : pathname + search;
  return { person: personOf(context), here };
}

/** The frame of a page about one repository. */
export function repositoryFrame(context: Context, host: Host, at: { of: Repository; tab: Tab }) {
  const openCount = host.store.list({ repository: at.of.name, state: 'open' }).length;
  return { ...frameOf(context), repository: { ...at, openCount } };
}

/** The repository that the address names, or `null`. */
export function repositoryOf(context: Context, host: Host): Promise<Repository | null> {
  return host.repositories.find(`${context.req.param('owner')}/${context.req.param('name')}`);
}

/** The page for an address that leads nowhere. */
export function nothingHere(context: Context, reason = 'There is nothing at this address.') {
  return context.html(problem(frameOf(context), 'Not found', reason), 404);
}
