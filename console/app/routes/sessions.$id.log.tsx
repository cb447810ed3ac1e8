import { Button, Group, MultiSelect, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { LogTable } from '../components/log-table.tsx';
import { useSessionLog } from '../session/outlet.ts';
import { count } from '../words.ts';

export default function Log() {
  const log = useSessionLog();
  const [types, setTypes] = useState<string[]>([]);
  const known = useMemo(
    () => [...new Set(log.entries.map((entry) => entry.event.type))].sort(),
    [log.entries],
  );
  const shown = useMemo(
    () =>
      types.length === 0 ? log.entries : log.entries.filter((entry) => types.includes(entry.event.type)),
    [log.entries, types],
  );
  return (
    <>
      <Group mb="sm" justify="space-between" align="flex-end">
        <MultiSelect
          data={known}
          value={types}
          onChange={setTypes}
          placeholder={types.length === 0 ? 'All types' : ''}
          aria-label="Types of entries"
          searchable
          clearable
          size="sm"
          flex="1 1 260px"
          maw={560}
        />
        <Group gap="sm">
          <Text size="xs" c="dimmed">
            {shown.length.toLocaleString('en')} of {count(log.view.seq, 'entry', 'entries')}
          </Text>
          {log.loadEarlier && (
            <Button variant="default" size="xs" onClick={log.loadEarlier} loading={log.loadingEarlier}>
              Load earlier
            </Button>
          )}
          <Button
            component="a"
            href={`/sessions/${log.view.summary.sessionId}/log.jsonl`}
            variant="default"
            size="xs"
            leftSection={<IconDownload size={15} />}
          >
            JSONL
          </Button>
        </Group>
      </Group>
      <LogTable entries={shown} />
    </>
  );
}
