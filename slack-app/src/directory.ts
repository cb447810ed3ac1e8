import type { Actor } from 'orchestrator/domain';
import type { Logger } from 'orchestrator/platform/log';
import type { Names } from './rich-text.ts';
import type { SlackApi } from './slack-api.ts';

/** A workspace has thousands of people, a process hears of some: the oldest are forgotten beyond this. */
const REMEMBERED = 5_000;

/** Names of people and channels, asked once. A name that cannot be read is its id. */
export interface Directory {
  /** Names that are needed at once, for pure code. */
  lookUp(ids: { readonly users: readonly string[]; readonly channels: readonly string[] }): Promise<Names>;
  userName(id: string): Promise<string>;
  member(id: string): Promise<Actor>;
}

export function createDirectory(slack: Pick<SlackApi, 'userName' | 'channelName'>, log: Logger): Directory {
  const known = new Map<string, string>();

  async function nameOf(id: string, ask: (id: string) => Promise<string>): Promise<string> {
    const name = known.get(id);
    if (name !== undefined) return name;
    try {
      const found = await ask(id);
      if (known.size >= REMEMBERED) known.delete(known.keys().next().value ?? '');
      known.set(id, found);
      return found;
    } catch (err) {
      // A name is a courtesy: nobody's request waits for it.
      log.debug({ err, slackId: id }, 'name could not be read');
      return id;
    }
  }

  const userName = (id: string) => nameOf(id, slack.userName);

  return {
    userName,
    member: async (id) => ({ kind: 'member', id, name: (await userName(id)).slice(0, 200) }),
    lookUp: async ({ users, channels }) => {
      const names = new Map<string, string>();
      const ask = async (id: string, name: Promise<string>) => names.set(id, await name);
      await Promise.all([
        ...users.map((id) => ask(id, userName(id))),
        ...channels.map((id) => ask(id, nameOf(id, slack.channelName))),
      ]);
      return { user: (id) => names.get(id) ?? id, channel: (id) => names.get(id) ?? id };
    },
  };
}
