import { useId, useState } from 'react';
import type { DisconnectOrder } from '../../page-api.ts';
import { useView, useWorkspace } from '../store/hooks.ts';

/** What is on or off until it is switched back. */
export function Switches() {
  const { orderFault } = useWorkspace();
  const isDown = useView((state) => state.workspace?.faults.isDown ?? false);
  const rateLimits = useView((state) => state.workspace?.faults.rateLimits ?? false);
  return (
    <div className="fault-switches">
      <Switch
        title="Slack’s rate limits"
        hint="As published: about one post a second in a channel, 50 edits a minute, and so on. What is over the limit is answered 429."
        isOn={rateLimits}
        onChange={(isOn) => void orderFault({ rateLimits: isOn })}
      />
      <Switch
        title="Slack is down"
        hint="Every request of the app is broken off and no socket opens, until this is switched back."
        isOn={isDown}
        onChange={(isOn) => void orderFault({ down: isOn })}
      />
    </div>
  );
}

function Switch(props: { title: string; hint: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  const id = useId();
  return (
    <div className="fault-switch">
      <div>
        <label htmlFor={id}>{props.title}</label>
        <p id={`${id}-hint`} className="hint">
          {props.hint}
        </p>
      </div>
      <button
        id={id}
        type="button"
        role="switch"
        className="switch"
        aria-checked={props.isOn}
        aria-describedby={`${id}-hint`}
        onClick={() => props.onChange(!props.isOn)}
      />
    </div>
  );
}

const reasons: readonly DisconnectOrder[] = [
  'warning',
  'refresh_requested',
  'link_disabled',
  'too_many_websockets',
];

/** Breaks the connections of the app, at once. */
export function Sockets() {
  const { orderFault } = useWorkspace();
  const sockets = useView((state) => state.workspace?.app.sockets ?? 0);
  const [isOnlyOldest, setOnlyOldest] = useState(false);
  const open = sockets === 1 ? '1 socket' : `${sockets} sockets`;
  const tell = (disconnect: DisconnectOrder) => {
    const meant = isOnlyOldest ? 'the oldest socket' : open;
    const said = disconnect === 'cut' ? `Cut: ${meant}.` : `Told ${meant}: ${disconnect}.`;
    void orderFault({ disconnect, sockets: isOnlyOldest ? 'oldest' : 'all' }, said);
  };
  return (
    <>
      <p className="hint">
        {sockets === 0
          ? 'The app has no socket open now.'
          : `The app has ${open} open. Slack tells an app to reconnect, with a reason, or the line just breaks.`}
      </p>
      <label className="choice hint fault-which">
        <input
          type="checkbox"
          checked={isOnlyOldest}
          onChange={(event) => setOnlyOldest(event.currentTarget.checked)}
        />
        <span>Only the oldest one, as Slack does when it recycles a connection</span>
      </label>
      <div className="actions">
        {reasons.map((reason) => (
          <button
            key={reason}
            type="button"
            className="button button-small"
            disabled={sockets === 0}
            aria-label={`Disconnect with the reason ${reason}`}
            onClick={() => tell(reason)}
          >
            <code>{reason}</code>
          </button>
        ))}
        <button
          type="button"
          className="button button-small button-danger"
          disabled={sockets === 0}
          onClick={() => tell('cut')}
        >
          Cut without a word
        </button>
      </div>
    </>
  );
}
