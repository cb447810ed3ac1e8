import { Loader } from '@mantine/core';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import { stoppableTurn } from '../session/offers.ts';
import type { SessionView } from '../session/view.ts';
import { actorName } from '../words.ts';
import { CommandButton } from './command-button.tsx';
import styles from './stop-control.module.css';

/** Stops the turn that this page shows as current; while a stop is under way it says who asked for it. */
export function StopControl({ view: { state } }: { readonly view: SessionView }) {
  const askedBy = state.status === 'running' ? state.stopRequestedBy : null;
  const turnId = stoppableTurn(state);
  return (
    <>
      <div role="status" className={styles['status']}>
        {askedBy && (
          <span className={styles['stopping']}>
            <Loader size={13} color="gray" aria-hidden /> Stopping, asked by {actorName(askedBy)}
          </span>
        )}
      </div>
      {turnId !== null && (
        <CommandButton
          fields={{ intent: 'stop', turnId }}
          color="red"
          variant="light"
          leftSection={<IconPlayerStopFilled size={14} />}
        >
          Stop
        </CommandButton>
      )}
    </>
  );
}
