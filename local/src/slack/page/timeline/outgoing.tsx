import { AlertTriangle } from 'lucide-react';
import { Blocks } from '../blocks/blocks.tsx';
import { SurfaceContext, useNewSurface } from '../blocks/surface.ts';
import { usePerson, useView, useWorkspace } from '../store/hooks.ts';
import type { Outgoing } from '../store/state.ts';
import { Avatar } from '../widgets/avatar.tsx';

const none: readonly [] = [];

/** A message on its way, or one that did not get through, with the ways out. */
export function OutgoingView({ outgoing }: { outgoing: Outgoing }) {
  const me = useView((state) => state.me);
  const person = usePerson(me);
  const { retry, drop } = useWorkspace();
  const { body, error } = outgoing;
  const surface = useNewSurface({
    kind: 'message',
    container: { channel: body.channel, ts: '' },
    blocks: none,
  });
  return (
    <article
      className={error === null ? 'message message-sending' : 'message message-failed'}
      aria-label="Your message"
    >
      <div className="message-side">
        <Avatar person={person} size="medium" />
      </div>
      <div className="message-main">
        <div className="message-head">
          <strong className="message-author">{person?.realName}</strong>
          <span className="hint">{error === null ? 'Sending…' : 'Not sent'}</span>
        </div>
        <SurfaceContext.Provider value={surface}>
          <Blocks blocks={body.blocks ?? none} />
        </SurfaceContext.Provider>
        {error === null ? null : (
          <p className="surface-warning" role="alert">
            <AlertTriangle size={14} aria-hidden /> {error}
            <button type="button" className="link-button" onClick={() => void retry(outgoing.id)}>
              Retry
            </button>
            <button type="button" className="link-button" onClick={() => drop(outgoing.id)}>
              Delete
            </button>
          </p>
        )}
      </div>
    </article>
  );
}
