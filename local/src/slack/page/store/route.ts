/** What the address shows. `focus` is a message to scroll to and light up. */
export type Route =
  | { readonly page: 'start' }
  | {
      readonly page: 'channel';
      readonly channel: string;
      readonly threadTs: string | null;
      readonly focus: string | null;
    }
  | { readonly page: 'app'; readonly tab: 'home' | 'messages' }
  | { readonly page: 'faults'; readonly tab: 'faults' | 'calls' };

const ts = /^\d{1,12}\.\d{6}$/;

/** Reads `#/C…`, `#/C…/ts` (a message and its thread), `#/C…/ts?thread_ts=…` (a reply), `#/app/home`, `#/faults`. Total. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first = '', second = ''] = path.split('/');
  if (first === 'app') return { page: 'app', tab: second === 'messages' ? 'messages' : 'home' };
  if (first === 'faults') return { page: 'faults', tab: second === 'calls' ? 'calls' : 'faults' };
  if (!/^[A-Z0-9]+$/.test(first)) return { page: 'start' };
  const parent = new URLSearchParams(query).get('thread_ts');
  const message = ts.test(second) ? second : null;
  const threadTs = parent !== null && ts.test(parent) ? parent : message;
  return { page: 'channel', channel: first, threadTs, focus: message };
}

/** The address of a channel, a thread in it, or one reply. */
export function hashOf(place: { channel: string; threadTs?: string | null; reply?: string }): string {
  if (place.threadTs === undefined || place.threadTs === null) return `#/${place.channel}`;
  if (place.reply === undefined || place.reply === place.threadTs)
    return `#/${place.channel}/${place.threadTs}`;
  return `#/${place.channel}/${place.reply}?thread_ts=${place.threadTs}`;
}

/**
 * The address on this page for a permalink of the workspace, `/archives/C…/p1795418039531000?thread_ts=…`; null for
 * any other path. Apps post such links.
 */
export function hashOfPermalink(path: string): string | null {
  const found = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{1,12})(\d{6}))?\/?(?:\?(.*))?$/.exec(path);
  const [, channel, seconds, micros, query = ''] = found ?? [];
  if (channel === undefined) return null;
  if (seconds === undefined || micros === undefined) return hashOf({ channel });
  const message = `${seconds}.${micros}`;
  return hashOf({
    channel,
    threadTs: new URLSearchParams(query).get('thread_ts') ?? message,
    reply: message,
  });
}
