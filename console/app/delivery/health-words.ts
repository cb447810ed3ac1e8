import type { DeliveryHealth } from 'orchestrator/client';

/** A final that waits longer than this keeps somebody waiting for an answer that is there. */
export const LATE_FINAL_MS = 30_000;

export const MODES: Readonly<
  Record<DeliveryHealth['writes']['mode'], { label: string; color: string; sentence: string }>
> = {
  live: {
    label: 'Live',
    color: 'green',
    sentence: 'There is room to spare: cards follow the work as it happens.',
  },
  milestones: {
    label: 'Milestones',
    color: 'yellow',
    sentence:
      'Slack’s limits are near: cards show the steps of the work, and no longer each change in between. Answers, questions and results are sent at once.',
  },
  silent: {
    label: 'Silent',
    color: 'orange',
    sentence:
      'Slack’s limits are reached: cards stand still until there is room again. Questions and results still go first.',
  },
};

export const CONNECTIONS: Readonly<
  Record<DeliveryHealth['connection']['state'], { label: string; color: string }>
> = {
  connected: { label: 'Connected', color: 'green' },
  connecting: { label: 'Connecting', color: 'yellow' },
  refused: { label: 'Refused', color: 'red' },
};

/** The one sentence that says whether anybody must do something. */
export function verdict({ connection, stuckCount, writes }: DeliveryHealth): {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly sentence: string;
} {
  if (connection.state === 'refused') {
    return {
      tone: 'bad',
      sentence: 'Slack refuses one of our tokens. What that holds up goes on when it is mended.',
    };
  }
  if (stuckCount > 0) {
    const one = stuckCount === 1;
    return {
      tone: 'bad',
      sentence: `${one ? 'One message is' : `${stuckCount} messages are`} stuck: Slack does not take ${one ? 'it' : 'them'} until somebody mends the cause.`,
    };
  }
  if (connection.state === 'connecting') {
    return {
      tone: 'warn',
      sentence: 'Slack is being connected. What is said meanwhile is heard and sent afterwards.',
    };
  }
  if ((writes.oldestFinalMs ?? 0) > LATE_FINAL_MS) {
    return {
      tone: 'warn',
      sentence: 'Results are late: there is more to say than Slack takes. They go out before all else.',
    };
  }
  return { tone: 'good', sentence: 'All is well: Slack hears and is heard.' };
}
