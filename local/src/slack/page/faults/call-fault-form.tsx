import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type FaultOrder, faultLimits } from '../../page-api.ts';
import { useView, useWorkspace } from '../store/hooks.ts';
import { errorCodes } from './error-codes.ts';
import { callFaultWords } from './fault-words.ts';
import { NumberField, SelectField, WordField } from './fields.tsx';

const kinds = {
  delay: { label: 'The answer is late', hint: 'The call waits first, and is then answered as usual.' },
  limited: { label: 'Too many requests (429)', hint: 'Nothing is done; the app is told how long to wait.' },
  status: { label: 'HTTP error', hint: 'Nothing is done; the answer has this status, as in an outage.' },
  refused: { label: 'Refused with an error code', hint: 'Nothing is done; Slack says why.' },
  dropped: {
    label: 'Done, but the answer is lost',
    hint: 'The work is done and the connection breaks, so that the app cannot know.',
  },
} as const;
type Kind = keyof typeof kinds;

const otherCode = 'other';

type Draft = {
  readonly method: string;
  readonly times: string;
  readonly kind: Kind;
  readonly delayMs: string;
  readonly retryAfter: string;
  readonly status: string;
  readonly code: string;
  readonly ownCode: string;
};

const empty: Draft = {
  method: '*',
  times: '1',
  kind: 'refused',
  delayMs: '3000',
  retryAfter: '5',
  status: '500',
  code: 'not_in_channel',
  ownCode: '',
};

/** Sets what goes wrong with the next Web API calls. */
export function CallFaultForm() {
  const { orderFault } = useWorkspace();
  const methods = useView((state) => state.workspace?.faultChoices.methods);
  const [draft, setDraft] = useState(empty);
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void orderFault(orderOf(draft), `Set: ${wordsOf(draft)}.`);
  };
  return (
    <form className="fault-form" onSubmit={submit}>
      <SelectField label="Method" value={draft.method} onChange={(method) => set({ method })}>
        <option value="*">Any method</option>
        {methods?.map((method) => (
          <option key={method} value={method}>
            {method}
          </option>
        ))}
      </SelectField>
      <NumberField
        label="Next calls"
        min={1}
        max={faultLimits.times}
        value={draft.times}
        onChange={(times) => set({ times })}
      />
      <SelectField
        label="What goes wrong"
        isWide={draft.kind === 'refused'}
        value={draft.kind}
        onChange={(value) => set({ kind: readKind(value) })}
      >
        {Object.entries(kinds).map(([kind, { label }]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </SelectField>
      <KindFields draft={draft} set={set} />
      <button type="submit" className="button button-primary">
        <Plus size={15} aria-hidden /> Add
      </button>
      <p className="hint fault-form-hint">{kinds[draft.kind].hint}</p>
    </form>
  );
}

function KindFields({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  switch (draft.kind) {
    case 'delay':
      return (
        <NumberField
          label="Late by (ms)"
          min={1}
          max={faultLimits.delayMs}
          value={draft.delayMs}
          onChange={(delayMs) => set({ delayMs })}
        />
      );
    case 'limited':
      return (
        <NumberField
          label="Retry-After (s)"
          min={0}
          max={3600}
          value={draft.retryAfter}
          onChange={(retryAfter) => set({ retryAfter })}
        />
      );
    case 'status':
      return (
        <NumberField
          label="Status"
          min={400}
          max={599}
          value={draft.status}
          onChange={(status) => set({ status })}
        />
      );
    case 'refused':
      return <CodeFields draft={draft} set={set} />;
    case 'dropped':
      return null;
  }
}

function CodeFields({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  return (
    <>
      <SelectField
        label="Error code"
        isWide={draft.code === otherCode}
        value={draft.code}
        onChange={(code) => set({ code })}
      >
        {errorCodes.map(({ about, codes }) => (
          <optgroup key={about} label={about}>
            {codes.map((code) => (
              <option key={code} value={code}>
                {code}
              </option>
            ))}
          </optgroup>
        ))}
        <option value={otherCode}>Another one…</option>
      </SelectField>
      {draft.code === otherCode ? (
        <WordField
          label="Its name"
          placeholder="channel_is_limited_access"
          value={draft.ownCode}
          onChange={(ownCode) => set({ ownCode })}
        />
      ) : null}
    </>
  );
}

function readKind(value: string): Kind {
  return Object.hasOwn(kinds, value) ? (value as Kind) : 'refused';
}

function orderOf(draft: Draft): FaultOrder {
  return { fault: { method: draft.method, times: Number(draft.times), ...whatOf(draft) } };
}

function wordsOf(draft: Draft): string {
  const calls = draft.times === '1' ? 'call' : `${draft.times} calls`;
  const method = draft.method === '*' ? 'any method' : draft.method;
  const nothing = { delayMs: 0, status: null, retryAfterSeconds: 0, error: null, dropAnswer: false };
  const what = callFaultWords({ ...nothing, ...whatOf(draft) });
  return `the next ${calls} of ${method} ${draft.times === '1' ? 'is' : 'are'} ${what}`;
}

function whatOf(draft: Draft) {
  switch (draft.kind) {
    case 'delay':
      return { delayMs: Number(draft.delayMs) };
    case 'limited':
      return { status: 429, retryAfterSeconds: Number(draft.retryAfter) };
    case 'status':
      return { status: Number(draft.status) };
    case 'refused':
      return { error: draft.code === otherCode ? draft.ownCode : draft.code };
    case 'dropped':
      return { dropAnswer: true };
  }
}
