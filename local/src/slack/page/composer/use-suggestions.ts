import { useChannels, usePeople, useView } from '../store/hooks.ts';
import { emojiNamesLike, emojiOf } from '../text/emoji.ts';
import type { Query, Suggestion } from './completion.ts';

const limit = 7;

/** What fits the word that is being typed. */
export function useSuggestions(query: Query | null): readonly Suggestion[] {
  const people = usePeople();
  const channels = useChannels();
  const app = useView((state) => state.workspace?.app);
  const bot = app?.botUserId;
  if (query === null) return [];
  const word = query.word.toLowerCase();
  const fits = (...texts: string[]) =>
    texts.some((text) =>
      text
        .toLowerCase()
        .split(/\s+/)
        .some((part) => part.startsWith(word)),
    );
  switch (query.sign) {
    case '@':
      return (
        people
          .filter((person) => fits(person.name, person.realName))
          // The app is who a newcomer wants to speak to.
          .sort((a, b) => Number(b.id === bot) - Number(a.id === bot))
          .slice(0, limit)
          .map(({ id, name, realName, title }) => ({
            key: id,
            insert: `@${name}`,
            title: realName,
            hint: title || `@${name}`,
          }))
      );
    case '#':
      return channels
        .filter((channel) => channel.kind === 'channel' && fits(channel.name))
        .slice(0, limit)
        .map(({ id, name, topic }) => ({ key: id, insert: `#${name}`, title: `#${name}`, hint: topic }));
    case '/':
      return (app?.commands ?? [])
        .filter(({ command }) => command.slice(1).startsWith(word))
        .map(({ command, description, usageHint }) => ({
          key: command,
          insert: command,
          title: `${command} ${usageHint}`,
          hint: description,
        }));
    case ':':
      return emojiNamesLike(word, limit).map((name) => ({
        key: name,
        insert: `:${name}:`,
        title: `:${name}:`,
        hint: '',
        emoji: emojiOf(name) ?? '',
      }));
  }
}
