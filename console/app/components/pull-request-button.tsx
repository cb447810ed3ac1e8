import { Alert, Button, Checkbox, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useFetcher } from '@remix-run/react';
import { IconGitPullRequest } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { CommandResult } from '../server/session-command.server.ts';
import type { SessionView } from '../session/view.ts';

/** Offered as soon as there is a change without a pull request. */
export function PullRequestButton({ view: { state, summary } }: { readonly view: SessionView }) {
  const [opened, { open, close }] = useDisclosure(false);
  const fetcher = useFetcher<CommandResult>();
  const done = fetcher.data?.done === true;
  useEffect(() => {
    if (done) close();
  }, [done, close]);
  const hasChange = state.change !== null && state.change.fileCount > 0;
  if (!hasChange || state.pullRequest?.state === 'open') return null;
  const pending = state.publishing !== null;
  return (
    <>
      <Button size="xs" leftSection={<IconGitPullRequest size={15} />} onClick={open} loading={pending}>
        Create pull request
      </Button>
      <Modal opened={opened} onClose={close} title="Create pull request" size="lg">
        <fetcher.Form method="post" action={`/sessions/${summary.sessionId}`}>
          <input type="hidden" name="intent" value="pull_request" />
          <Stack>
            {fetcher.data?.done === false && <Alert color="red">{fetcher.data.problem}</Alert>}
            <TextInput
              name="title"
              label="Title"
              defaultValue={state.title}
              required
              maxLength={250}
              data-autofocus
            />
            <Textarea
              name="body"
              label="Description"
              autosize
              minRows={6}
              maxRows={16}
              maxLength={20_000}
              placeholder="What changes, and why"
            />
            <Checkbox name="draft" label="As a draft" />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={fetcher.state !== 'idle'}>
                Create
              </Button>
            </Group>
          </Stack>
        </fetcher.Form>
      </Modal>
    </>
  );
}
