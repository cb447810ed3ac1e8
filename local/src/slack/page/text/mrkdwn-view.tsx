import { memo, useMemo } from 'react';
import { placeKey } from '../widgets/place-key.ts';
import { escapeEntities } from './entities.ts';
import { BroadcastMention, ChannelMention, Emoji, OutLink, SlackDate, UserMention } from './mention.tsx';
import { type Inline, type MrkdwnBlock, parseInline, parseMrkdwn, parsePlain } from './mrkdwn.ts';

/** Slack's mrkdwn as elements; never as HTML. */
export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }) {
  const blocks = useMemo(() => parseMrkdwn(text), [text]);
  return blocks.map((block, index) => <BlockView key={placeKey(index)} block={block} />);
});

/** One line of mrkdwn inside of other text. */
export function MrkdwnInline({ text }: { text: string }) {
  return <Inlines nodes={parseInline(text, 0)} />;
}

/** Plain text of an app: entities and emoji names, nothing else. */
export function PlainText({ text }: { text: string }) {
  return <Inlines nodes={parsePlain(text)} />;
}

function BlockView({ block }: { block: MrkdwnBlock }) {
  if (block.type === 'pre') return <pre className="code-block">{block.text}</pre>;
  if (block.type === 'quote') {
    return (
      <blockquote>
        <Inlines nodes={block.children} />
      </blockquote>
    );
  }
  return (
    <div className="lines">
      <Inlines nodes={block.children} />
    </div>
  );
}

function Inlines({ nodes }: { nodes: readonly Inline[] }) {
  return nodes.map((node, index) => <InlineView key={placeKey(index)} node={node} />);
}

function InlineView({ node }: { node: Inline }) {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'code':
      return <code>{node.text}</code>;
    case 'bold':
      return (
        <strong>
          <Inlines nodes={node.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Inlines nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines nodes={node.children} />
        </s>
      );
    case 'link':
      return (
        <OutLink url={node.url}>
          {node.text === node.url ? node.text : <MrkdwnInline text={escapeEntities(node.text)} />}
        </OutLink>
      );
    case 'user':
      return <UserMention id={node.id} label={node.label} />;
    case 'channel':
      return <ChannelMention id={node.id} label={node.label} />;
    case 'broadcast':
      return <BroadcastMention range={node.range} />;
    case 'date':
      return <SlackDate {...node} />;
    case 'emoji':
      return <Emoji name={node.name} />;
  }
}
