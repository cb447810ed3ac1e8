import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type FaultOrder, faultLimits } from '../../page-api.ts';
import { useView, useWorkspace } from '../store/hooks.ts';
import { eventFaultWords } from './fault-words.ts';
import { NumberField, SelectField } from './fields.tsx';

const kinds = {
  duplicate: { label: 'Delivered twice', hint: 'The same event comes two times, one right after the other.' },
  redeliver: {
    label: 'Acknowledged in vain',
    hint: 'The app’s acknowledgement is not heard: after 3 s the event comes again, marked as a retry after a timeout.',
  },
  late: {
    label: 'Late, out of order',
    hint: 'The event is held back, and what happens meanwhile overtakes it.',
  },
} as const;
type Kind = keyof typeof kinds;

/** Sets what goes wrong with the next events. */
export function EventFaultForm() {
  const { orderFault } = useWorkspace();
  const types = useView((state) => state.workspace?.faultChoices.eventTypes);
  const [type, setType] = useState('*');
  const [times, setTimes] = useState('1');
  const [kind, setKind] = useState<Kind>('duplicate');
  const [delayMs, setDelayMs] = useState('5000');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const name = type === '*' ? '' : `${type} `;
    const events = times === '1' ? `${name}event` : `${times} ${name}events`;
    const order = orderOf({ kind, type, times: Number(times), delayMs: Number(delayMs) });
    const what = eventFaultWords({ kind, delayMs: Number(delayMs) });
    void orderFault(order, `Set: the next ${events} ${times === '1' ? 'is' : 'are'} ${what}.`);
  };
  return (
    <form className="fault-form" onSubmit={submit}>
      <SelectField label="Event" value={type} onChange={setType}>
        <option value="*">Any event</option>
        {types?.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </SelectField>
      <NumberField label="Next events" min={1} max={faultLimits.times} value={times} onChange={setTimes} />
      <SelectField label="What goes wrong" value={kind} onChange={(value) => setKind(readKind(value))}>
        {Object.entries(kinds).map(([one, { label }]) => (
          <option key={one} value={one}>
            {label}
          </option>
        ))}
      </SelectField>
      {kind === 'late' ? (
        <NumberField
          label="Late by (ms)"
          min={1}
          max={faultLimits.delayMs}
          value={delayMs}
          onChange={setDelayMs}
        />
      ) : null}
      <button type="submit" className="button button-primary">
        <Plus size={15} aria-hidden /> Add
      </button>
      <p className="hint fault-form-hint">{kinds[kind].hint}</p>
    </form>
  );
}

function readKind(value: string): Kind {
  return Object.hasOwn(kinds, value) ? (value as Kind) : 'duplicate';
}

type Draft = { kind: Kind; type: string; times: number; delayMs: number };

function orderOf({ kind, type, times, delayMs }: Draft): FaultOrder {
  switch (kind) {
    case 'duplicate':
      return { duplicate: type, times };
    case 'redeliver':
      return { redeliver: type, times };
    case 'late':
      return { late: type, times, delayMs };
  }
}
