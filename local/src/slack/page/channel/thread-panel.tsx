import { X } from 'lucide-react';
import { useEffect } from 'react';
import type { Channel } from '../../page-api.ts';
import { Composer } from '../composer/composer.tsx';
import { usePeople, useView, useWorkspace } from '../store/hooks.ts';
import { hashOf } from '../store/route.ts';
import { emptyTimeline, placeOf } from '../store/state.ts';
import { MessageList } from '../timeline/message-list.tsx';
import { partnerOf } from './partner.ts';
import { StatusLine } from './status-line.tsx';

/** The thread beside the channel. */
export function ThreadPanel({
  channel,
  threadTs,
  focus,
}: {
  channel: Channel;
  threadTs: string;
  focus: string | null;
}) {
  const { go } = useWorkspace();
  const place = placeOf(channel.id, threadTs);
  const timeline = useView((state) => state.timelines[place]) ?? emptyTimeline;
  const people = usePeople();
  const me = useView((state) => state.me);
  const partner = partnerOf(channel, people, me);
  const close = () => go(hashOf({ channel: channel.id }));
  useEscape(close);
  const isGone = timeline.status === 'ready' && timeline.messages.length === 0;
  return (
    <section className="pane thread" aria-label="Thread">
      <header className="pane-head">
        <div className="pane-title">
          <h2>Thread</h2>
          <p className="topic">{partner ? partner.realName : `#${channel.name}`}</p>
        </div>
        <button
          type="button"
          className="icon-button"
          aria-label="Close thread"
          title="Close (Esc)"
          onClick={close}
        >
          <X size={18} />
        </button>
      </header>
      <MessageList
        key={place}
        place={place}
        label="Thread messages"
        channel={channel.id}
        threadTs={threadTs}
        timeline={timeline}
        focus={focus}
        openThread={null}
        head={isGone ? <p className="empty">This thread has no messages any more.</p> : null}
      />
      <footer className="pane-foot">
        <Composer
          key={`${me} ${place}`}
          channel={channel.id}
          threadTs={threadTs}
          name="Reply in thread"
          isArchived={channel.isArchived}
        />
        <StatusLine place={place} />
      </footer>
    </section>
  );
}

/** Escape closes the thread, unless something over it wants the key. */
function useEscape(close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTaken = event.defaultPrevented || document.querySelector('[role=dialog], [role=menu]') !== null;
      if (event.key === 'Escape' && !isTaken) close();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
