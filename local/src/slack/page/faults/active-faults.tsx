import { X } from 'lucide-react';
import { useView, useWorkspace } from '../store/hooks.ts';
import {
  callFaultCount,
  callFaultWords,
  countFaults,
  eventFaultCount,
  eventFaultWords,
} from './fault-words.ts';

/** All that is set to go wrong now, each with a way to end it. */
export function ActiveFaults() {
  const faults = useView((state) => state.workspace?.faults);
  const { orderFault } = useWorkspace();
  if (!faults) return null;
  if (countFaults(faults) === 0)
    return <p className="fault-calm">Nothing is set to go wrong. Slack behaves.</p>;
  const remove = (id: string) => void orderFault({ remove: id });
  return (
    <ul className="fault-list" aria-label="Set to go wrong">
      {faults.isDown ? (
        <Line
          subject="Slack"
          text="is down"
          end="Bring Slack back"
          onEnd={() => void orderFault({ down: false })}
        />
      ) : null}
      {faults.rateLimits ? (
        <Line
          subject="Slack"
          text="keeps its rate limits"
          end="Switch the rate limits off"
          onEnd={() => void orderFault({ rateLimits: false })}
        />
      ) : null}
      {faults.calls.map((fault, index) => (
        <Line
          key={fault.id}
          subject={fault.method === '*' ? 'Any method' : fault.method}
          isCode={fault.method !== '*'}
          count={callFaultCount(fault, faults.calls.slice(0, index))}
          text={callFaultWords(fault)}
          end="Remove this fault"
          onEnd={() => remove(fault.id)}
        />
      ))}
      {faults.events.map((fault) => (
        <Line
          key={fault.id}
          subject={fault.eventType === '*' ? 'Any event' : fault.eventType}
          isCode={fault.eventType !== '*'}
          count={eventFaultCount(fault)}
          text={eventFaultWords(fault)}
          end="Remove this fault"
          onEnd={() => remove(fault.id)}
        />
      ))}
      {faults.heldEvents > 0 ? (
        <Line
          subject={faults.heldEvents === 1 ? '1 event' : `${faults.heldEvents} events`}
          text="held back until the time comes"
        />
      ) : null}
    </ul>
  );
}

function Line(props: {
  subject: string;
  isCode?: boolean;
  count?: string;
  text: string;
  end?: string;
  onEnd?: () => void;
}) {
  const { subject, count, text, end } = props;
  return (
    <li className="fault-line">
      <span className="fault-line-words">
        {props.isCode ? <code>{subject}</code> : <strong>{subject}</strong>}
        {count ? <span className="fault-count">{count}</span> : null}
        <span>{text}</span>
      </span>
      {end ? (
        <button
          type="button"
          className="icon-button"
          aria-label={`${end}: ${subject}`}
          title={end}
          onClick={props.onEnd}
        >
          <X size={16} />
        </button>
      ) : null}
    </li>
  );
}
