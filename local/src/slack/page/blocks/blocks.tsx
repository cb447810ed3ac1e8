import type { AnyBlock, KnownBlock } from '@slack/types';
import { AlertTriangle } from 'lucide-react';
import { Markdown } from '../text/markdown-view.tsx';
import { RichText } from '../text/rich-text-view.tsx';
import { placeKey } from '../widgets/place-key.ts';
import {
  Actions,
  Alert,
  Context,
  Divider,
  Header,
  Image,
  RemoteFile,
  Section,
  Video,
} from './basic-blocks.tsx';
import { BlockBoundary, UnsupportedBlock } from './block-boundary.tsx';
import { Input } from './input-block.tsx';
import { Card, Carousel, Container, Plan, TaskCard } from './rich-blocks.tsx';
import { useSurface } from './surface.ts';
import { DataTable, Table } from './table-blocks.tsx';
import { withIds } from './values.ts';

/** Block Kit. It must be inside of a surface. */
export function Blocks({ blocks }: { blocks: readonly AnyBlock[] }) {
  return withIds(blocks).map((block, index) => (
    <BlockBoundary key={`${placeKey(index)} ${block.block_id}`} type={block.type}>
      {isKnown(block) ? <BlockView block={block} /> : <UnsupportedBlock type={block.type} />}
    </BlockBoundary>
  ));
}

/** What the app did not take, under the blocks. */
export function SurfaceWarning() {
  const { warning } = useSurface();
  if (warning === null) return null;
  return (
    <p className="surface-warning" role="alert">
      <AlertTriangle size={14} aria-hidden /> {warning}
    </p>
  );
}

const known: Record<KnownBlock['type'], true> = {
  actions: true,
  alert: true,
  card: true,
  carousel: true,
  container: true,
  context: true,
  context_actions: true,
  data_table: true,
  divider: true,
  file: true,
  header: true,
  image: true,
  input: true,
  markdown: true,
  rich_text: true,
  section: true,
  table: true,
  task_card: true,
  plan: true,
  video: true,
};

function isKnown(block: AnyBlock): block is KnownBlock {
  return Object.hasOwn(known, block.type);
}

function BlockView({ block }: { block: KnownBlock }) {
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'header':
      return <Header block={block} />;
    case 'context':
      return <Context block={block} />;
    case 'divider':
      return <Divider />;
    case 'actions':
    case 'context_actions':
      return <Actions block={block} />;
    case 'image':
      return <Image block={block} />;
    case 'input':
      return <Input block={block} />;
    case 'rich_text':
      return <RichText block={block} />;
    case 'markdown':
      return <Markdown text={block.text} />;
    case 'plan':
      return <Plan block={block} />;
    case 'task_card':
      return <TaskCard block={block} />;
    case 'card':
      return <Card block={block} />;
    case 'carousel':
      return <Carousel block={block} />;
    case 'container':
      return (
        <Container block={block}>
          <Blocks blocks={block.child_blocks} />
        </Container>
      );
    case 'alert':
      return <Alert block={block} />;
    case 'table':
      return <Table block={block} />;
    case 'data_table':
      return <DataTable block={block} />;
    case 'file':
      return <RemoteFile block={block} />;
    case 'video':
      return <Video block={block} />;
  }
}
