import { Button, Center, Group, Stack, Text } from '@mantine/core';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useRevalidator } from '@remix-run/react';
import { IconDownload, IconFileOff } from '@tabler/icons-react';
import type { Change } from 'orchestrator/domain';
import { useEffect, useMemo } from 'react';
import { ChangedFiles } from '../components/changed-files.tsx';
import { DiffStat } from '../components/status.tsx';
import { Terminal } from '../components/terminal.tsx';
import { changedFiles } from '../diff/patch.ts';
import { notFound, sessionIdOf } from '../server/params.server.ts';
import { useSessionLog } from '../session/outlet.ts';
import { count } from '../words.ts';

/** A patch that is longer is offered as a file: a page of it helps nobody. */
const LONGEST_PATCH_BYTES = 2_000_000;

export async function loader({ params, context: { deckhand } }: LoaderFunctionArgs) {
  const session = await deckhand.session(sessionIdOf(params));
  if (!session || session.state.status === 'unopened') throw notFound();
  const { change } = session.state;
  const artifact = change && (await deckhand.artifact(change.patch));
  const tooLong = artifact !== null && artifact.bytes.length > LONGEST_PATCH_BYTES;
  const patch = artifact && !tooLong ? new TextDecoder().decode(artifact.bytes) : null;
  return { change, patch, tooLong };
}

export default function Changes() {
  const { change, patch, tooLong } = useLoaderData<typeof loader>();
  useNewest(change);
  const files = useMemo(() => changedFiles(patch ?? ''), [patch]);
  if (!change || change.fileCount === 0) return <NoChanges />;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text size="sm">
          {count(change.fileCount, 'file')} changed{' '}
          <DiffStat additions={change.additions} deletions={change.deletions} />{' '}
          <Text span c="dimmed" size="sm">
            at <span className="mono">{change.headSha.slice(0, 8)}</span>
          </Text>
        </Text>
        <Button
          component="a"
          href={`/artifacts/${change.patch}`}
          download="changes.patch"
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} />}
        >
          Patch
        </Button>
      </Group>
      {patch === null && (
        <Text c="dimmed" size="sm">
          {tooLong
            ? 'The patch is too long for a page. Download it instead.'
            : 'The patch is no longer kept.'}
        </Text>
      )}
      {patch !== null && files.length === 0 ? <Terminal output={patch} /> : <ChangedFiles files={files} />}
    </Stack>
  );
}

/** Reads the patch again when a run has ended with another one. */
function useNewest(shown: Change | null): void {
  const { state } = useSessionLog().view;
  const revalidator = useRevalidator();
  const newest = state.change?.patch;
  const stale = newest !== undefined && newest !== shown?.patch;
  useEffect(() => {
    if (stale && revalidator.state === 'idle') revalidator.revalidate();
  }, [stale, revalidator]);
}

function NoChanges() {
  const running = useSessionLog().view.state.status === 'running';
  return (
    <Center py={64}>
      <Stack align="center" gap={6}>
        <IconFileOff size={34} stroke={1.4} color="var(--mantine-color-dimmed)" />
        <Text fw={600}>No changes yet</Text>
        <Text c="dimmed" size="sm">
          {running
            ? 'They appear here when the run has saved its work.'
            : 'No run of this session has changed a file.'}
        </Text>
      </Stack>
    </Center>
  );
}
