import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { useFetcher } from '@remix-run/react';

type DiscardQuestionProps = {
  readonly turnId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly Form: ReturnType<typeof useFetcher>['Form'];
  readonly action: string;
};

/**
 * Asks whether it is meant that a turn's work is discarded. Once the question stands it stays, though it may be too late
 * for it by now: then the answer says so.
 */
export function DiscardQuestion({ turnId, opened, onClose, Form, action }: DiscardQuestionProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Discard this work?" centered>
      <Form method="post" action={action} onSubmit={onClose}>
        <input type="hidden" name="intent" value="discard" />
        <input type="hidden" name="turnId" value={turnId} />
        <Stack gap="md">
          <Text size="sm">
            The files go back to what they were before this request. What was pushed already stays.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" size="xs" onClick={onClose} data-autofocus>
              Keep it
            </Button>
            <Button type="submit" size="xs" color="red">
              Discard
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
