import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useFetcher } from '@remix-run/react';
import { IconHammer } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { CommandResult } from '../server/session-command.server.ts';
import { useAwake } from './awake.ts';

/** Makes the thread anew from the session's log, once somebody has said that this is meant. */
export function RebuildThreadButton({ sessionId }: { readonly sessionId: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const fetcher = useFetcher<CommandResult>();
  const asleep = !useAwake();
  const result = fetcher.data;
  useEffect(() => {
    if (result?.done === true) close();
  }, [result, close]);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconHammer size={15} />}
        onClick={open}
        disabled={asleep}
      >
        Rebuild thread
      </Button>
      <Modal opened={opened} onClose={close} title="Rebuild the thread?" centered>
        <fetcher.Form method="post" action={`/sessions/${sessionId}/delivery`}>
          <input type="hidden" name="intent" value="rebuild" />
          <Stack gap="md">
            <Text size="sm">
              Deckhand forgets what it has sent and makes every message of this thread anew from the session's
              log. Messages that Slack still has are found and edited; those that somebody has deleted are
              posted again.
            </Text>
            {result?.done === false && (
              <Text size="sm" c="red" role="alert">
                {result.problem}
              </Text>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" size="xs" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" size="xs" loading={fetcher.state !== 'idle'}>
                Rebuild
              </Button>
            </Group>
          </Stack>
        </fetcher.Form>
      </Modal>
    </>
  );
}
