import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useFetcher } from '@remix-run/react';
import { IconHammer } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import type { CommandResult } from '../server/session-command.server.ts';
import { count } from '../words.ts';
import { useAwake } from './awake.ts';

type RebuildButtonProps = {
  readonly label: string;
  readonly title: string;
  /** What comes before the sentences on what a rebuild does. */
  readonly children: ReactNode;
  /** The page that carries it out. */
  readonly action: string;
};

/** Makes threads anew from their sessions' logs, once somebody has said that this is meant. */
export function RebuildButton({ label, title, children, action }: RebuildButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const fetcher = useFetcher<CommandResult>();
  const asleep = !useAwake();
  const result = fetcher.data;
  useEffect(() => {
    if (result?.done === true) close();
  }, [result, close]);
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed" role="status">
        {result?.done === true && fetcher.state === 'idle' && rebuilding(result.threads ?? 0)}
      </Text>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconHammer size={15} />}
        onClick={open}
        disabled={asleep}
      >
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} centered>
        <fetcher.Form method="post" action={action}>
          <input type="hidden" name="intent" value="rebuild" />
          <Stack gap="md">
            <Text size="sm">
              {children} Messages that Slack still has are found and edited; those that somebody has deleted
              are posted again.
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
    </Group>
  );
}

function rebuilding(threads: number): string {
  return `${count(threads, 'thread')} ${threads === 1 ? 'is' : 'are'} being made anew.`;
}
