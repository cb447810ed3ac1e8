import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import type { ArmedFault, Notice } from './settings.ts';

/** Every point that product code names, by the part that passes it. */
export const POINTS = [
  'intake.before_store',
  'intake.after_store',
  'intake.after_ack',
  'projector.before_fold',
  'outbox.before_desire',
  'outbox.after_desire',
  'sender.before_call',
  'sender.after_call',
  'sender.after_record',
  'scheduler.before_send',
  'engine.before_append',
  'engine.after_append',
  'engine.after_project',
  'worker.before_step',
  'run.after_prepare',
  'run.before_settle',
  'run.after_save',
  'publish.after_push',
  'bell.ring',
] as const;

/** Points at which a failure is one of our own store's, on the way of a message to Slack. */
export const THROWING_POINTS = [
  'projector.before_fold',
  'outbox.before_desire',
  'outbox.after_desire',
  'sender.before_call',
  'sender.after_call',
  'sender.after_record',
] as const satisfies readonly (typeof POINTS)[number][];

/** Has a name of its own, so that whoever looks through the log knows that it was wanted. */
class ArmedFailure extends Error {}

/** Fault points that count their passages and do what is armed. `tell` hears of it just before it happens. */
export function armFaults(armed: readonly ArmedFault[], tell: (notice: Notice) => void): FaultPoints {
  const passages = new Map<string, number>();
  const counts = new Map(armed.map((fault) => [fault, 0]));
  /** The fault whose passage this is, where there is one. */
  function dueAt(point: string): ArmedFault | undefined {
    let due: ArmedFault | undefined;
    for (const fault of armed) {
      const isCounted = fault.point === point && (fault.after === undefined || passages.has(fault.after));
      if (!isCounted) continue;
      const count = (counts.get(fault) ?? 0) + 1;
      counts.set(fault, count);
      if (count === fault.nth) due ??= fault;
    }
    return due;
  }
  return {
    async at(point) {
      const nth = (passages.get(point) ?? 0) + 1;
      const fault = dueAt(point);
      passages.set(point, nth);
      if (!fault) return;
      tell({ chaos: 'fault', point, nth, act: fault.act });
      if (fault.act === 'throw') throw new ArmedFailure(`armed to fail at ${point}`);
      if (fault.act === 'delay') await sleep(fault.ms);
      // The next turn of the event loop comes after the code behind the point ran up to its next wait.
      else if (fault.act === 'kill_after') setImmediate(die);
      else die();
    },
  };
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
