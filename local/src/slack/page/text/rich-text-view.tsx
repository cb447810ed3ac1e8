import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextList } from '@slack/types';
import { placeKey } from '../widgets/place-key.ts';
import { BroadcastMention, ChannelMention, Emoji, OutLink, SlackDate, UserMention } from './mention.tsx';

/** A rich_text block. */
export function RichText({ block }: { block: RichTextBlock }) {
  return (
    <div className="rich-text">
      {block.elements.map((element, index) => (
        <Part key={placeKey(index)} element={element} />
      ))}
    </div>
  );
}

function Part({ element }: { element: RichTextBlockElement }) {
  switch (element.type) {
    case 'rich_text_section':
      return (
        <div className="lines">
          <Elements elements={element.elements} />
        </div>
      );
    case 'rich_text_quote':
      return (
        <blockquote>
          <Elements elements={element.elements} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre className="code-block">
          <Elements elements={element.elements} />
        </pre>
      );
    case 'rich_text_list':
      return <List list={element} />;
  }
}

function List({ list }: { list: RichTextList }) {
  const Tag = list.style === 'ordered' ? 'ol' : 'ul';
  return (
    <Tag style={{ marginInlineStart: `${Math.min(list.indent ?? 0, 8) * 20}px` }}>
      {list.elements.map((item, index) => (
        <li key={placeKey(index)}>
          <Elements elements={item.elements} />
        </li>
      ))}
    </Tag>
  );
}

function Elements({ elements }: { elements: readonly RichTextElement[] }) {
  return elements.map((element, index) => <Styled key={placeKey(index)} element={element} />);
}

function Styled({ element }: { element: RichTextElement }) {
  const { style } = element;
  let content = <Element element={element} />;
  if (style?.code) content = <code>{content}</code>;
  if (style?.strike) content = <s>{content}</s>;
  if (style?.italic) content = <em>{content}</em>;
  if (style?.bold) content = <strong>{content}</strong>;
  return content;
}

function Element({ element }: { element: RichTextElement }) {
  switch (element.type) {
    case 'text':
      return <>{element.text}</>;
    case 'link':
      return <OutLink url={element.url}>{element.text ?? element.url}</OutLink>;
    case 'user':
      return <UserMention id={element.user_id} />;
    case 'channel':
      return <ChannelMention id={element.channel_id} />;
    case 'usergroup':
      return <BroadcastMention range={element.usergroup_id} />;
    case 'team':
      return <BroadcastMention range={element.team_id} />;
    case 'broadcast':
      return <BroadcastMention range={element.range} />;
    case 'emoji':
      return <Emoji name={element.name} />;
    case 'date':
      return <SlackDate {...element} />;
    case 'color':
      return <code>{element.value}</code>;
  }
}
