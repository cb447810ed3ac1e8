import { Button, Text } from '@mantine/core';
import { useFetcher } from '@remix-run/react';
import { IconRefresh } from '@tabler/icons-react';
import type { CommandResult } from '../server/session-command.server.ts';

type RetrySlotButtonProps = {
  readonly sessionId: string;
  readonly slot: string;
  /** Read to who cannot see beside which message the button stands. */
  readonly name: string;
};

/** Sends a stuck message again at once. */
export function RetrySlotButton({ sessionId, slot, name }: RetrySlotButtonProps) {
  const fetcher = useFetcher<CommandResult>();
  return (
    <fetcher.Form method="post" action={`/sessions/${sessionId}/delivery`}>
      <input type="hidden" name="intent" value="retry" />
      <input type="hidden" name="slot" value={slot} />
      <Button
        type="submit"
        size="xs"
        variant="light"
        leftSection={<IconRefresh size={14} />}
        loading={fetcher.state !== 'idle'}
        aria-label={`Try again: ${name}`}
      >
        Try again
      </Button>
      {fetcher.data?.done === false && (
        <Text size="xs" c="red" role="alert" mt={4}>
          {fetcher.data.problem}
        </Text>
      )}
    </fetcher.Form>
  );
}
