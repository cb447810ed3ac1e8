import { usePerson, useView, useWorkspace } from '../store/hooks.ts';
import { hashOf } from '../store/route.ts';
import { emojiOf } from './emoji.ts';
import { safeUrl } from './entities.ts';
import { formatSlackDate } from './slack-date.ts';

/** `@Ana Lima`; a person opens the direct conversation. */
export function UserMention({ id, label }: { id: string; label?: string | null }) {
  const person = usePerson(id);
  const { openDm } = useWorkspace();
  const isMe = useView((state) => state.me === id);
  const name = person?.name ?? label ?? id;
  return (
    <button
      type="button"
      className={isMe ? 'mention mention-me' : 'mention'}
      title={person?.realName ?? id}
      onClick={() => void openDm(id)}
    >
      @{name}
    </button>
  );
}

/** `#engineering`, a link to the channel when the person may see it. */
export function ChannelMention({ id, label }: { id: string; label?: string | null }) {
  const name = useView((state) => state.workspace?.channels.find((channel) => channel.id === id)?.name);
  const text = `#${name ?? label ?? id}`;
  if (name === undefined) return <span className="mention">{text}</span>;
  return (
    <a className="mention" href={hashOf({ channel: id })}>
      {text}
    </a>
  );
}

/** `@here`, `@channel` or a group. */
export function BroadcastMention({ range }: { range: string }) {
  return <span className="mention mention-me">@{range}</span>;
}

/** An emoji by its Slack name; an unknown one stays as its name. */
export function Emoji({ name }: { name: string }) {
  const character = emojiOf(name);
  if (character === null) return <>{`:${name}:`}</>;
  return (
    <span role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`} className="emoji">
      {character}
    </span>
  );
}

/** A link that opens in a new tab, unless it leads to a message here; an address that may not be opened is shown as text. */
export function OutLink({ url, children }: { url: string; children: React.ReactNode }) {
  const { hashOfLink } = useWorkspace();
  const href = safeUrl(url);
  if (href === null) return <span title={url}>{children}</span>;
  const own = hashOfLink(href);
  if (own !== null) return <a href={own}>{children}</a>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

/** A moment in the reader's time zone. */
export function SlackDate(props: {
  timestamp: number;
  format: string;
  url?: string | null | undefined;
  fallback?: string | undefined;
}) {
  const value = new Date(props.timestamp * 1000);
  const text = formatSlackDate(props.timestamp, props.format, new Date());
  const time = (
    <time dateTime={value.toISOString()} title={value.toLocaleString()}>
      {text || props.fallback}
    </time>
  );
  return props.url === null || props.url === undefined ? time : <OutLink url={props.url}>{time}</OutLink>;
}
