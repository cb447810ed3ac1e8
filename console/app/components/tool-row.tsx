import { Text } from '@mantine/core';
import {
  IconFilePlus,
  IconFileText,
  IconPencil,
  IconSearch,
  IconTerminal2,
  IconTool,
  IconWorld,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { changedFiles } from '../diff/patch.ts';
import type { ToolItem } from '../timeline/items.ts';
import { toolArguments } from '../timeline/tool-arguments.ts';
import { relativeToWorkspace } from '../timeline/workspace-paths.ts';
import { duration } from '../words.ts';
import { FileDiff } from './diff.tsx';
import styles from './plain-rows.module.css';
import { DiffStat } from './status.tsx';
import { Terminal } from './terminal.tsx';
import { Elapsed } from './time.tsx';

type ToolRowProps = { readonly item: ToolItem; readonly liveOutput: string | undefined };

const KINDS = {
  bash: { Icon: IconTerminal2, done: 'Ran', doing: 'Running' },
  edit: { Icon: IconPencil, done: 'Edited', doing: 'Editing' },
  apply_patch: { Icon: IconPencil, done: 'Edited', doing: 'Editing' },
  write: { Icon: IconFilePlus, done: 'Wrote', doing: 'Writing' },
  read: { Icon: IconFileText, done: 'Read', doing: 'Reading' },
  list: { Icon: IconFileText, done: 'Listed', doing: 'Listing' },
  glob: { Icon: IconSearch, done: 'Looked for', doing: 'Looking for' },
  grep: { Icon: IconSearch, done: 'Searched', doing: 'Searching' },
  webfetch: { Icon: IconWorld, done: 'Fetched', doing: 'Fetching' },
} as const;

function kindOf(tool: string): {
  readonly Icon: typeof IconTool;
  readonly done: string;
  readonly doing: string;
} {
  return Object.hasOwn(KINDS, tool)
    ? KINDS[tool as keyof typeof KINDS]
    : { Icon: IconTool, done: tool, doing: tool };
}

/** One call of a tool, folded to a line; commands that failed and edits are open. */
export function ToolRow({ item, liveOutput }: ToolRowProps) {
  const { Icon, done, doing } = kindOf(item.tool);
  const failed = item.result !== null && (!item.result.ok || (item.result.exitCode ?? 0) !== 0);
  const busy = item.result === null && !item.cutOff;
  const isEdit = item.tool === 'edit' || item.tool === 'apply_patch';
  return (
    <details className={styles['card']} open={busy || failed || isEdit} data-tool={item.tool}>
      <summary>
        <Icon size={17} stroke={1.7} />
        <span className={styles['name']}>
          {busy ? doing : done} <code>{subjectOf(item)}</code>
        </span>
        <ToolState item={item} failed={failed} />
      </summary>
      <div className={styles['inside']}>
        <ToolBody item={item} liveOutput={liveOutput} />
      </div>
    </details>
  );
}

function subjectOf(item: ToolItem): string {
  const known = toolArguments(item.input);
  if (item.tool === 'bash') return known.command ?? item.title;
  return item.title !== '' ? item.title : (known.filePath ?? known.pattern ?? known.url ?? '');
}

function ToolState({ item, failed }: { readonly item: ToolItem; readonly failed: boolean }) {
  if (item.result === null) return item.cutOff ? <Text size="xs">cut off</Text> : <Running since={item.at} />;
  const { exitCode, durationMs, ok } = item.result;
  return (
    <Text span size="xs" c={failed ? 'red' : 'dimmed'} style={{ whiteSpace: 'nowrap' }}>
      {exitCode !== undefined && exitCode !== 0 && `exit ${exitCode} · `}
      {!ok && exitCode === undefined && 'failed · '}
      {duration(durationMs)}
    </Text>
  );
}

function Running({ since }: { readonly since: string }) {
  return (
    <Text span size="xs" c="harbor" style={{ whiteSpace: 'nowrap' }}>
      running <Elapsed since={since} until={null} />
    </Text>
  );
}

function ToolBody({ item, liveOutput }: ToolRowProps) {
  const output = item.result?.output ?? relativeToWorkspace(liveOutput ?? '');
  return (
    <>
      {item.result?.diff !== undefined && item.result.diff !== '' ? (
        <ToolDiff diff={item.result.diff} />
      ) : (
        <ToolOutput item={item} output={output} />
      )}
      {item.result?.full && (
        <Text size="xs" mt={6}>
          <a href={`/artifacts/${item.result.full}`} target="_blank" rel="noreferrer">
            The whole output
          </a>
        </Text>
      )}
    </>
  );
}

function ToolOutput({ item, output }: { readonly item: ToolItem; readonly output: string }) {
  const { command, content } = toolArguments(item.input);
  if (item.tool === 'bash') {
    return (
      <Terminal command={command ?? item.title} output={output} busy={item.result === null && !item.cutOff} />
    );
  }
  if (item.tool === 'write' && content !== undefined) return <Terminal output={content} />;
  return <Terminal output={output || item.input || 'No output.'} />;
}

function ToolDiff({ diff }: { readonly diff: string }) {
  const files = useMemo(() => changedFiles(diff), [diff]);
  if (files.length === 0) return <Terminal output={diff} />;
  return files.map((file) => (
    <div key={file.path}>
      <Text size="xs" c="dimmed" mb={4}>
        <DiffStat additions={file.additions} deletions={file.deletions} />
      </Text>
      <FileDiff file={file} />
    </div>
  ));
}
