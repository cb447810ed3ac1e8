import { ArrowDown, RotateCw } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useView, useWorkspace } from '../store/hooks.ts';
import type { Outgoing, Timeline } from '../store/state.ts';
import { dayName } from '../text/slack-date.ts';
import { groupMessages } from './grouping.ts';
import { MessageView } from './message-view.tsx';
import { OutgoingView } from './outgoing.tsx';
import { useScroll } from './use-scroll.ts';

/** The messages of a channel or thread. `head` is above the first when there is nothing older. */
export function MessageList(props: {
  place: string;
  label: string;
  channel: string;
  threadTs: string | null;
  timeline: Timeline;
  /** A message that a link names: it is brought into sight. */
  focus: string | null;
  /** The root whose thread is open beside the list. */
  openThread: string | null;
  head: ReactNode;
}) {
  const { place, timeline, threadTs, focus } = props;
  const workspace = useWorkspace();
  const allOutgoing = useView((state) => state.outgoing);
  const outgoing = useMemo(() => allOutgoing.filter((one) => one.place === place), [allOutgoing, place]);
  const rows = useMemo(() => groupMessages(timeline.messages), [timeline.messages]);
  const keys = useMemo(() => keysOf(timeline, outgoing), [timeline, outgoing]);
  const { box, onScroll, toEnd, unseen } = useScroll(keys, useOlder(props));
  useFocus(box, focus, timeline.status);
  return (
    <div className="message-list-frame">
      <div className="message-list" ref={box} onScroll={onScroll} role="log" aria-label={props.label}>
        <div className="message-list-inner">
          {timeline.hasMore ? <p className="loading-line">Loading older messages…</p> : props.head}
          {timeline.status === 'loading' ? <Skeleton /> : null}
          {timeline.status === 'failed' ? (
            <p className="failed-line" role="alert">
              The messages could not be loaded.
              <button
                type="button"
                className="button button-small"
                onClick={() => void workspace.load(props.channel, threadTs)}
              >
                <RotateCw size={13} aria-hidden /> Try again
              </button>
            </p>
          ) : null}
          {rows.map((row, index) => (
            <Fragment key={row.key}>
              {row.kind === 'day' ? (
                <DayLine date={row.date} />
              ) : (
                <MessageView
                  message={row.message}
                  compact={row.compact}
                  inThread={threadTs !== null}
                  isLit={threadTs !== null && focus === row.message.ts && focus !== threadTs}
                  isOpen={props.openThread === row.message.ts}
                />
              )}
              {threadTs !== null && index === 1 ? (
                <RepliesLine count={row.kind === 'message' ? row.message.replyCount : 0} />
              ) : null}
            </Fragment>
          ))}
          {outgoing.map((one) => (
            <OutgoingView key={one.id} outgoing={one} />
          ))}
        </div>
      </div>
      {unseen > 0 ? (
        <button type="button" className="unseen-pill" onClick={toEnd}>
          <ArrowDown size={14} aria-hidden /> {unseen === 1 ? '1 new message' : `${unseen} new messages`}
        </button>
      ) : null}
    </div>
  );
}

function keysOf(timeline: Timeline, outgoing: readonly Outgoing[]): string[] {
  return [...timeline.messages.map((message) => message.ts), ...outgoing.map((one) => one.id)];
}

/** Loads what is above, once at a time. */
function useOlder({
  channel,
  threadTs,
  timeline,
}: {
  channel: string;
  threadTs: string | null;
  timeline: Timeline;
}) {
  const { loadOlder } = useWorkspace();
  const isLoading = useRef(false);
  return () => {
    if (isLoading.current || !timeline.hasMore) return;
    isLoading.current = true;
    void loadOlder(channel, threadTs).finally(() => {
      isLoading.current = false;
    });
  };
}

/** Brings the message that a link names into sight, once it is there. */
function useFocus(
  box: React.RefObject<HTMLDivElement>,
  focus: string | null,
  status: Timeline['status'],
): void {
  useEffect(() => {
    if (focus === null || status !== 'ready') return;
    box.current?.querySelector(`[data-ts="${CSS.escape(focus)}"]`)?.scrollIntoView({ block: 'center' });
  }, [box, focus, status]);
}

function DayLine({ date }: { date: Date }) {
  return (
    <div className="day-line">
      <span>{dayName(date, new Date())}</span>
    </div>
  );
}

function RepliesLine({ count }: { count: number }) {
  if (count < 1) return null;
  return (
    <div className="replies-line">
      <span>{count === 1 ? '1 reply' : `${count} replies`}</span>
    </div>
  );
}

function Skeleton() {
  return (
    <div className="skeleton" aria-label="Loading messages" role="status">
      {[70, 45, 85].map((width) => (
        <div key={width} className="skeleton-row">
          <span className="skeleton-avatar" />
          <span className="skeleton-lines">
            <span style={{ width: '120px' }} />
            <span style={{ width: `${width}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}
