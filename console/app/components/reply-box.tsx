import { Alert, Button, Group, Paper, Text, Textarea } from '@mantine/core';
import { useFetcher } from '@remix-run/react';
import { IconCornerDownLeft } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { CommandResult } from '../server/session-command.server.ts';
import type { SessionView } from '../session/view.ts';

/** Asks for another turn, as a reply in the thread does. */
export function ReplyBox({ view: { state, summary } }: { readonly view: SessionView }) {
  const fetcher = useFetcher<CommandResult>();
  const form = useRef<HTMLFormElement>(null);
  const [key, setKey] = useState(() => replyKey());
  const result = fetcher.data;
  useEffect(() => {
    if (result?.done !== true) return;
    form.current?.reset();
    setKey(replyKey());
  }, [result]);
  const busy = state.status === 'running' || state.status === 'waiting';
  return (
    <Paper withBorder radius="lg" p="sm" mt="lg" shadow="xs">
      <fetcher.Form method="post" action={`/sessions/${summary.sessionId}`} ref={form}>
        <input type="hidden" name="intent" value="reply" />
        <input type="hidden" name="key" value={key} suppressHydrationWarning />
        {result?.done === false && (
          <Alert color="red" mb="xs" py="xs">
            {result.problem}
          </Alert>
        )}
        <Textarea
          name="text"
          aria-label="Reply"
          placeholder={
            busy ? 'Ask for something else; it waits its turn' : 'Ask for a change, or for something next'
          }
          variant="unstyled"
          autosize
          minRows={2}
          maxRows={12}
          maxLength={40_000}
          required
          px={6}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit();
          }}
        />
        <Group justify="space-between" mt={4} pl={6}>
          <Text size="xs" c="dimmed">
            {state.queue.length > 0 ? `${state.queue.length} waiting` : 'Ctrl + Enter sends'}
          </Text>
          <Button
            type="submit"
            size="xs"
            loading={fetcher.state !== 'idle'}
            rightSection={<IconCornerDownLeft size={14} />}
          >
            Send
          </Button>
        </Group>
      </fetcher.Form>
    </Paper>
  );
}

/** One for each reply: sent twice, it asks once. */
function replyKey(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}
