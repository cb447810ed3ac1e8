import type { Channel, Person } from '../../page-api.ts';

/** The other one of a direct conversation; undefined for a channel. */
export function partnerOf(channel: Channel, people: readonly Person[], me: string): Person | undefined {
  if (channel.kind !== 'dm') return undefined;
  const id = channel.members.find((member) => member !== me) ?? me;
  return people.find((person) => person.id === id);
}
