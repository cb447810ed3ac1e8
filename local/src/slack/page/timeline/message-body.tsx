import type { AnyBlock } from '@slack/types';
import { useMemo } from 'react';
import type { Message } from '../../page-api.ts';
import { Blocks, SurfaceWarning } from '../blocks/blocks.tsx';
import { SurfaceContext, useNewSurface } from '../blocks/surface.ts';
import { Mrkdwn } from '../text/mrkdwn-view.tsx';
import { placeKey } from '../widgets/place-key.ts';
import { Files } from './files.tsx';

/** What a message says: its blocks, or its text when it has none, its attachments and its files. */
export function MessageBody({ message }: { message: Message }) {
  const all = useMemo(() => allBlocks(message), [message]);
  const surface = useNewSurface({
    kind: 'message',
    container: { channel: message.channel, ts: message.ts },
    blocks: all,
  });
  return (
    <SurfaceContext.Provider value={surface}>
      <div className="message-body">
        {message.blocks?.length ? <Blocks blocks={message.blocks} /> : <Mrkdwn text={ownWords(message)} />}
        {message.attachments?.map((attachment, index) => (
          <div key={placeKey(index)} className="attachment" style={{ borderColor: colour(attachment.color) }}>
            {attachment.blocks?.length ? (
              <Blocks blocks={attachment.blocks} />
            ) : (
              <Mrkdwn text={attachment.text ?? ''} />
            )}
          </div>
        ))}
        {message.files?.length ? <Files files={message.files} /> : null}
        <SurfaceWarning />
      </div>
    </SurfaceContext.Provider>
  );
}

/** Slack's own notices begin with a mention of whose name stands above them already. */
function ownWords({ subtype, user, text }: Message): string {
  const mention = `<@${user}> `;
  return subtype?.startsWith('channel_') && text.startsWith(mention) ? text.slice(mention.length) : text;
}

function allBlocks(message: Message): readonly AnyBlock[] {
  return [...(message.blocks ?? []), ...(message.attachments?.flatMap((one) => one.blocks ?? []) ?? [])];
}

// `good`, `warning` and `danger` are Slack's names; anything else is a colour without or with its hash.
const named: Record<string, string> = { good: '#2eb67d', warning: '#e0a92e', danger: '#d6455d' };

function colour(given: string | undefined): string {
  if (given === undefined) return 'var(--line-strong)';
  return named[given] ?? (given.startsWith('#') ? given : `#${given}`);
}
