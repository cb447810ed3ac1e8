import type { Actor } from 'orchestrator/domain';

/** How the console writes numbers, times and people. */

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** Cents where they say something, two more digits below that. */
export function money(usd: number): string {
  return usd > 0 && usd < 0.1 ? `$${usd.toFixed(4)}` : `$${usd.toFixed(2)}`;
}

export function relativeTime(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  if (seconds < 45) return 'just now';
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.round(hours / 24);
  return days === 1 ? 'yesterday' : `${days} days ago`;
}

/** In the browser only, like `fullTime`. */
export function clockTime(at: string): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** Date and time where the reader is. In the browser only: a server has another time zone and another language. */
export function fullTime(at: string): string {
  return new Date(at).toLocaleString();
}

/** The same on every machine. */
export function utcClockTime(at: string): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

/** A position in a replay: minutes and seconds. */
export function playTime(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

export function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

export function fileSize(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_024 * 1_024) return `${Math.round(bytes / 1_024)} kB`;
  return `${(bytes / 1_024 / 1_024).toFixed(1)} MB`;
}

/** Everyone who signs in by link acts as this member. */
export const CONSOLE_ID = 'console';

/** As in the thread. Where a sentence begins with it, it is `capitalised`. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'member':
      return actor.id === CONSOLE_ID ? 'somebody in the console' : actor.name;
    case 'agent':
      return 'Agent';
    case 'system':
      return 'Deckhand';
  }
}

/** Where a run works, and from what it is kept apart. */
export function placeName({
  provider,
  isolation,
}: {
  readonly provider: string;
  readonly isolation: string;
}): string {
  const where = provider === 'local' ? 'on this machine' : `at ${provider}`;
  switch (isolation) {
    case 'none':
      return `${where}, not isolated`;
    case 'vm':
      return `${where}, in a virtual machine of its own`;
    case 'container':
      return `${where}, in a container`;
    case 'namespace':
      return `${where}, in namespaces of its own`;
    default:
      return `${where}, isolated by ${isolation}`;
  }
}

/** What that means for whoever runs Deckhand; null where there is nothing to know. */
export function placeHint(isolation: string): string | null {
  return isolation === 'none'
    ? 'The agent’s commands run as plain processes with the rights of the account that Deckhand runs under. Let it work on code, and for people, that you trust.'
    : null;
}

export function modelName(model: string): string {
  return model.startsWith('demo/') ? 'scripted demo model' : model;
}
