import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useAwake } from './awake.ts';
import { useCommandDesk } from './command-desk.tsx';
import { useFocusStays } from './focus-stays.ts';

/** Takes back what a stopped turn did, once somebody has said that this is meant. */
export function DiscardButton({ turnId }: { readonly turnId: string }) {
  const { askDiscard } = useCommandDesk();
  const button = useFocusStays();
  const asleep = !useAwake();
  return (
    <Button
      variant="light"
      color="red"
      size="xs"
      leftSection={<IconTrash size={14} />}
      onClick={() => askDiscard(turnId)}
      ref={button}
      disabled={asleep}
    >
      Discard
    </Button>
  );
}
