import { FAILURES } from 'orchestrator/domain';
import type { SessionView } from '../session/view.ts';
import { type Setback, setbacksOf } from '../session/work.ts';
import { tryName } from '../timeline/turn-words.ts';
import { count } from '../words.ts';
import { ClockTime } from './time.tsx';
import styles from './tries.module.css';

/** Why the current turn is not at its first try, and when the next one begins; nothing while all goes well. */
export function TriesLine({ view: { state, work } }: { readonly view: SessionView }) {
  if (state.status !== 'running' && state.status !== 'waiting') return null;
  const setbacks = work.current ? setbacksOf(work.current) : [];
  const last = setbacks.at(-1);
  if (state.status === 'running' && state.attempt === 1) return null;
  return (
    <div className={styles['line']} role="status">
      {state.status === 'waiting' ? (
        <p>
          {FAILURES[state.code].sentence} Trying again at <ClockTime at={state.retryAt} />:{' '}
          {tryName(state.attempt + 1)}.
        </p>
      ) : (
        <p>
          This is {tryName(state.attempt)}.{last && ` The one before: ${FAILURES[last.code].sentence}`}
        </p>
      )}
      {setbacks.length > 1 && <TryList setbacks={setbacks} title="All tries so far" />}
    </div>
  );
}

/** Every try that failed, and why. */
export function TryList({
  setbacks,
  title = count(setbacks.length + 1, 'try', 'tries'),
}: {
  readonly setbacks: readonly Setback[];
  readonly title?: string;
}) {
  return (
    <details className={styles['list']}>
      <summary>{title}</summary>
      <ol>
        {setbacks.map(({ attempt, code, at }) => (
          <li key={at}>
            <span>
              Try {attempt} failed at <ClockTime at={at} />:
            </span>{' '}
            {FAILURES[code].sentence} <span className="mono">{code}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
