import { type Actor, UpstreamError } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import type { Logger } from 'orchestrator/platform/log';
import type { Names } from './rich-text.ts';
import type { SlackApi } from './slack-api.ts';

/** A workspace has thousands of people, a process hears of some: the oldest are forgotten beyond this. */
const REMEMBERED = 5_000;
/** How long it is believed that somebody is a guest or is none, in milliseconds. */
const BELIEVED_MS = 10 * 60_000;

type Person = { readonly name: string; readonly isGuest: boolean };

/** People and channels by their ids. A name that cannot be read is the id. */
export interface Directory {
  /** Names that are needed at once, for pure code. */
  lookUp(ids: { readonly users: readonly string[]; readonly channels: readonly string[] }): Promise<Names>;
  userName(id: string): Promise<string>;
  /**
   * Who commands, and whether as a guest. Rejects with an UpstreamError while Slack cannot be asked about somebody we
   * do not know yet; whom Slack itself does not know is a guest.
   */
  member(id: string): Promise<Actor>;
}

export function createDirectory(
  slack: Pick<SlackApi, 'person' | 'channelName'>,
  { log, clock }: { readonly log: Logger; readonly clock: Clock },
): Directory {
  const people = createMemory<{ readonly person: Person; readonly at: number }>();
  const channels = createMemory<string>();

  async function person(id: string): Promise<Person> {
    const known = people.get(id);
    if (known && clock.now() - known.at < BELIEVED_MS) return known.person;
    try {
      const found = await slack.person(id);
      people.set(id, { person: found, at: clock.now() });
      return found;
    } catch (err) {
      // What was true a while ago is better than nothing.
      if (known) return known.person;
      throw err;
    }
  }

  /** A name is a courtesy: nobody's request waits for it. */
  async function orId(id: string, ask: () => Promise<string>): Promise<string> {
    try {
      return await ask();
    } catch (err) {
      log.debug({ err, slackId: id }, 'name could not be read');
      return id;
    }
  }

  const userName = (id: string) => orId(id, async () => (await person(id)).name);

  async function channelName(id: string): Promise<string> {
    const name = channels.get(id) ?? (await slack.channelName(id));
    channels.set(id, name);
    return name;
  }

  return {
    userName,
    member: async (id) => {
      const { name, isGuest } = await person(id).catch((err: unknown): Person => {
        if (!(err instanceof UpstreamError) || err.code !== 'slack.refused') throw err;
        log.warn({ err, slackId: id }, 'person could not be looked up and counts as a guest');
        return { name: id, isGuest: true };
      });
      return { kind: 'member', id, name: name.slice(0, 200), ...(isGuest && { guest: true }) };
    },
    lookUp: async ({ users, channels: asked }) => {
      const names = new Map<string, string>();
      const ask = async (id: string, name: Promise<string>) => names.set(id, await name);
      await Promise.all([
        ...users.map((id) => ask(id, userName(id))),
        ...asked.map((id) =>
          ask(
            id,
            orId(id, () => channelName(id)),
          ),
        ),
      ]);
      return { user: (id) => names.get(id) ?? id, channel: (id) => names.get(id) ?? id };
    },
  };
}

function createMemory<T>() {
  const known = new Map<string, T>();
  return {
    get: (id: string) => known.get(id),
    set: (id: string, value: T) => {
      known.delete(id);
      if (known.size >= REMEMBERED) known.delete(known.keys().next().value ?? '');
      known.set(id, value);
    },
  };
}
