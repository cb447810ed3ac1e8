import type { RequestHandler } from 'express';
import type { DeliveryHealth } from 'orchestrator/client';
import type { LateDelivery } from './late-delivery.ts';

/** What anybody may know: no name, no text, no id. */
type MachineHealth = {
  /** Nothing needs a person. Slack that is being connected to is no reason to restart anything. */
  readonly ok: boolean;
  readonly slack: DeliveryHealth['connection']['state'] | 'starting';
  /** Messages that Slack does not take. */
  readonly stuck: number;
};

/** Answers 200 with how things stand while the process can tell, and 503 when it cannot. */
export function machineHealth(delivery: LateDelivery): RequestHandler {
  return (_request, response) => {
    response.set('cache-control', 'no-store');
    read(delivery).then(
      (health) => response.json(health),
      () => response.status(503).json({ ok: false }),
    );
  };
}

async function read(delivery: LateDelivery): Promise<MachineHealth> {
  const health = await delivery.current()?.health();
  if (!health) return { ok: true, slack: 'starting', stuck: 0 };
  const slack = health.connection.state;
  const stuck = health.stuckCount;
  return { ok: slack !== 'refused' && stuck === 0, slack, stuck };
}
