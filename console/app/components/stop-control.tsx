import { Loader } from '@mantine/core';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import { stoppableTurn } from '../session/offers.ts';
import type { SessionView } from '../session/view.ts';
import { actorName } from '../words.ts';
import { CommandButton } from './command-button.tsx';
import styles from './stop-control.module.css';
import { Elapsed } from './time.tsx';

/** Stops the turn that this page shows as current; while a stop is under way it says who asked for it. */
export function StopControl({ view }: { readonly view: SessionView }) {
  const { state } = view;
  const askedBy = state.status === 'running' ? state.stopRequestedBy : null;
  return (
    <>
      <div role="status" className={styles['status']}>
        {askedBy && (
          <span className={styles['stopping']}>
            <Loader size={13} color="gray" aria-hidden /> Stopping, asked by {actorName(askedBy)}
          </span>
        )}
      </div>
      <StopButton view={view} />
    </>
  );
}

/** At the end of the timeline, where somebody who follows the work reads and the page's head is out of sight. */
export function WorkBar({ view }: { readonly view: SessionView }) {
  const { state, runningSince } = view;
  if (state.status !== 'running' || runningSince === null) return null;
  const number = state.knownTurns.indexOf(state.turn.turnId) + 1;
  return (
    <div className={styles['bar']}>
      {state.stopRequestedBy ? (
        <span>
          Stopping turn {number}, asked by {actorName(state.stopRequestedBy)}
        </span>
      ) : (
        <span>
          Turn {number} is in work, for <Elapsed since={runningSince} until={null} />
        </span>
      )}
      <StopButton view={view} name={`Stop turn ${number}`} />
    </div>
  );
}

function StopButton({ view, name }: { readonly view: SessionView; readonly name?: string }) {
  const turnId = stoppableTurn(view.state);
  if (turnId === null) return null;
  return (
    <CommandButton
      fields={{ intent: 'stop', turnId }}
      {...(name !== undefined && { name })}
      color="red"
      variant="light"
      leftSection={<IconPlayerStopFilled size={14} />}
    >
      Stop
    </CommandButton>
  );
}
