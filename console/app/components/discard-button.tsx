import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { useAwake } from './awake.ts';
import { useCommandDesk } from './command-desk.tsx';

type DiscardButtonProps = {
  readonly turnId: string;
  /** Once the question stands it stays, though it may be too late for it by now: then the answer says so. */
  readonly isOffered: boolean;
};

/** Takes back what a stopped turn did, once somebody has said that this is meant. */
export function DiscardButton({ turnId, isOffered }: DiscardButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const { fetcher, action } = useCommandDesk();
  const asleep = !useAwake();
  return (
    <>
      {isOffered && (
        <Button
          variant="light"
          color="red"
          size="xs"
          leftSection={<IconTrash size={14} />}
          onClick={open}
          disabled={asleep}
        >
          Discard
        </Button>
      )}
      <Modal opened={opened} onClose={close} title="Discard this work?" centered>
        <fetcher.Form method="post" action={action} onSubmit={close}>
          <input type="hidden" name="intent" value="discard" />
          <input type="hidden" name="turnId" value={turnId} />
          <Stack gap="md">
            <Text size="sm">
              The files go back to what they were before this request. What was pushed already stays.
            </Text>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" size="xs" onClick={close} data-autofocus>
                Keep it
              </Button>
              <Button type="submit" size="xs" color="red">
                Discard
              </Button>
            </Group>
          </Stack>
        </fetcher.Form>
      </Modal>
    </>
  );
}
