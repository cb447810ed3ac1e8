import { RotateCw } from 'lucide-react';
import { memo, useState } from 'react';
import type { CallLine } from '../../page-api.ts';
import { useChannels, useView, useWorkspace } from '../store/hooks.ts';
import { keptCalls } from '../store/reduce.ts';
import { duration, outcomeOf, wentWell } from './fault-words.ts';
import { SelectField } from './fields.tsx';

// Shorter ones say nothing about a fault.
const slowMs = 100;

/** The app's last Web API calls, newest first, as they happen. */
export function CallHistory() {
  const calls = useView((state) => state.calls);
  const { loadCallsAgain } = useWorkspace();
  const [method, setMethod] = useState('');
  const [isRefusedOnly, setRefusedOnly] = useState(false);
  if (calls === null) return <p className="loading-line">Loading…</p>;
  if (calls === 'failed') {
    return (
      <p className="failed-line" role="alert">
        The calls could not be loaded.
        <button type="button" className="button button-small" onClick={() => void loadCallsAgain()}>
          <RotateCw size={13} aria-hidden /> Try again
        </button>
      </p>
    );
  }
  const methods = [...new Set([...calls.map((call) => call.method), ...(method === '' ? [] : [method])])];
  const shown = calls.filter(
    (call) => (method === '' || call.method === method) && !(isRefusedOnly && wentWell(call)),
  );
  return (
    <>
      <div className="call-filter">
        <SelectField label="Method" value={method} onChange={setMethod}>
          <option value="">All methods</option>
          {methods.sort().map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </SelectField>
        <label className="choice">
          <input
            type="checkbox"
            checked={isRefusedOnly}
            onChange={(event) => setRefusedOnly(event.target.checked)}
          />
          Refused only
        </label>
        <span className="hint call-total" role="status">
          {totalOf({ shown: shown.length, all: calls.length })}
        </span>
      </div>
      {shown.length === 0 ? (
        <p className="empty">
          {calls.length === 0
            ? 'The app has not called Slack yet. Its calls appear here as they happen.'
            : 'None of the last calls fits.'}
        </p>
      ) : (
        <ol className="call-list" aria-label="Calls of the app, newest first">
          {shown.map((call) => (
            <Call key={call.id} call={call} />
          ))}
        </ol>
      )}
    </>
  );
}

function totalOf({ shown, all }: { shown: number; all: number }): string {
  const last = all === keptCalls ? `the last ${all}` : `${all}`;
  const calls = all === 1 ? 'call' : 'calls';
  return shown === all ? `${last} ${calls}` : `${shown} of ${last}`;
}

const Call = memo(function Call({ call }: { call: CallLine }) {
  const isFine = wentWell(call);
  const at = new Date(call.at);
  return (
    <li className="call">
      <div className="call-head">
        <time className="call-time" dateTime={at.toISOString()} title={at.toLocaleString()}>
          {at.toLocaleTimeString('en-GB')}
        </time>
        <code className="call-method">{call.method}</code>
        {call.tookMs >= slowMs ? <span className="hint">{duration(call.tookMs)}</span> : null}
        {call.isFault ? <span className="badge call-fault">fault</span> : null}
        <span className={isFine ? 'call-outcome' : 'call-outcome call-refused'}>{outcomeOf(call)}</span>
      </div>
      <Arguments args={call.args} />
    </li>
  );
});

const names: Readonly<Record<string, string>> = {
  channel: 'in',
  channel_id: 'in',
  thread_ts: 'thread',
  timestamp: 'ts',
  message_ts: 'ts',
  markdown_text: 'text',
  user_id: 'user',
  view_id: 'view',
};

function Arguments({ args }: { args: CallLine['args'] }) {
  const channels = useChannels();
  const given = Object.entries(args);
  if (given.length === 0) return null;
  const nameOf = (id: string) => {
    const channel = channels.find((one) => one.id === id && one.kind === 'channel');
    return channel ? `#${channel.name}` : id;
  };
  return (
    <p className="call-arguments">
      {given.map(([name, value]) => (
        <span key={name} className={name.endsWith('text') ? 'call-text' : 'call-argument'}>
          <span className="hint">{names[name] ?? name}</span>{' '}
          {name === 'channel' || name === 'channel_id' ? nameOf(value) : value}
        </span>
      ))}
    </p>
  );
}
