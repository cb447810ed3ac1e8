import { Notification } from '@mantine/core';
import { useFetcher } from '@remix-run/react';
import { IconInfoCircle } from '@tabler/icons-react';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import type { CommandResult } from '../server/session-command.server.ts';
import styles from './command-desk.module.css';
import { DiscardQuestion } from './discard-question.tsx';

type Desk = {
  readonly fetcher: ReturnType<typeof useFetcher<CommandResult>>;
  /** Where commands are posted to. */
  readonly action: string;
  /** Asks whether it is meant that the work of a turn is discarded. */
  readonly askDiscard: (turnId: string) => void;
};

const DeskContext = createContext<Desk | null>(null);

export function useCommandDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('commands need a desk around them');
  return desk;
}

type CommandDeskProps = {
  readonly sessionId: string;
  /** The answer to a press that was made before the page woke up. */
  readonly answer: CommandResult | undefined;
  readonly children: ReactNode;
};

/**
 * Takes the commands of a session's page and says why one may not be. A button is gone as soon as its time is over, often
 * before the answer to its press is there: so the answer stands here, and so does a question about a press.
 */
export function CommandDesk({ sessionId, answer, children }: CommandDeskProps) {
  const fetcher = useFetcher<CommandResult>();
  const [read, setRead] = useState<CommandResult | null>(null);
  const [discard, setDiscard] = useState({ turnId: '', opened: false });
  const result = fetcher.data ?? answer;
  const path = `/sessions/${sessionId}`;
  const askDiscard = useCallback((turnId: string) => setDiscard({ turnId, opened: true }), []);
  const problem = result?.done === false && result !== read ? result.problem : null;
  return (
    <DeskContext.Provider value={{ fetcher, action: path, askDiscard }}>
      {children}
      <DiscardQuestion
        {...discard}
        onClose={() => setDiscard((before) => ({ ...before, opened: false }))}
        Form={fetcher.Form}
        action={path}
      />
      {problem !== null && fetcher.state === 'idle' && (
        <Notification
          className={styles['problem'] ?? ''}
          color="orange"
          icon={<IconInfoCircle size={19} />}
          withBorder
          onClose={() => setRead(result ?? null)}
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          {problem}
        </Notification>
      )}
    </DeskContext.Provider>
  );
}
