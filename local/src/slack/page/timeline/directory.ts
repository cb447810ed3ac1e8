import { useMemo } from 'react';
import { useChannels, usePeople } from '../store/hooks.ts';
import type { Directory } from '../text/compose.ts';

/** Who and what can be mentioned in this workspace. */
export function useDirectory(): Directory {
  const people = usePeople();
  const channels = useChannels();
  return useMemo(
    () => ({
      people: new Map(people.map((person) => [person.name.toLowerCase(), person.id])),
      channels: new Map(
        channels.filter((one) => one.kind === 'channel').map((one) => [one.name.toLowerCase(), one.id]),
      ),
    }),
    [people, channels],
  );
}
