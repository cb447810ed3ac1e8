import { Center, Loader, Progress, Stack, Text } from '@mantine/core';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useMemo } from 'react';
import { ReplayScreen } from '../components/replay-screen.tsx';
import { ReplayTransport } from '../components/replay-transport.tsx';
import { useWholeLog } from '../live/whole-log.ts';
import { createPlayer } from '../replay/player.ts';
import { useReplay } from '../replay/use-replay.ts';
import { notFound, sessionIdOf } from '../server/params.server.ts';

const FIRST_PAGE = 500;

export async function loader({ params, context: { deckhand } }: LoaderFunctionArgs) {
  const sessionId = sessionIdOf(params);
  const session = await deckhand.session(sessionId);
  if (!session) throw notFound();
  const entries = await deckhand.log(sessionId, { afterSeq: 0, limit: FIRST_PAGE });
  return { sessionId, lastSeq: session.seq, entries };
}

export default function Replay() {
  const { sessionId, lastSeq, entries: first } = useLoaderData<typeof loader>();
  const { entries, loading } = useWholeLog({ sessionId, lastSeq, first });
  const player = useMemo(() => createPlayer(entries), [entries]);
  const replay = useReplay(player, entries);
  if (entries.length === 0) {
    return (
      <Center py={64}>
        <Loader size="sm" mr="sm" /> <Text c="dimmed">There is nothing to replay yet.</Text>
      </Center>
    );
  }
  return (
    <Stack gap="md">
      {loading && (
        <Progress value={(entries.length / lastSeq) * 100} size="xs" animated aria-label="Reading the log" />
      )}
      <ReplayTransport replay={replay} player={player} entries={entries} />
      <ReplayScreen
        entries={entries}
        index={replay.index}
        moment={player.momentAt(replay.index)}
        onJump={replay.jump}
      />
    </Stack>
  );
}
