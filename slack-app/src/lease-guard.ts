import { Conflict } from 'orchestrator/domain';
import { load, type Sending, type SendingDeps } from './sending.ts';

type GuardDeps = Pick<SendingDeps, 'leases' | 'clock' | 'timing'>;

/** Makes sure that we hold the thread's lease for one more call. Answers with until when somebody else has it. */
export async function hold(
  deps: GuardDeps & Pick<SendingDeps, 'outbox'>,
  sending: Sending,
): Promise<{ heldUntil: number } | null> {
  if (await isHeld(deps, sending)) return null;
  const acquired = await deps.leases.acquire(sending.sessionId);
  if ('heldUntil' in acquired) return acquired;
  // Somebody else may have sent meanwhile.
  await load(deps, sending);
  sending.lease = acquired;
  return null;
}

/**
 * The last look before a call leaves: throws Conflict unless the lease under which the call was planned is still ours
 * and outlives the call's own time-out. A later lease of ours does not do: somebody else may have written in between.
 * After it nothing is awaited but the call itself; what a pause in between can still do is said in leases.ts.
 */
export async function requireLease(deps: GuardDeps, sending: Sending, token: number): Promise<void> {
  const isOurs = await isHeld(deps, sending);
  const { lease } = sending;
  if (!isOurs || lease?.token !== token || lease.until - deps.clock.now() < deps.timing.leaseLeftMs)
    throw new Conflict(`somebody else sends to the thread of ${sending.sessionId}`);
}

/** Renews a lease that ends soon; one that was lost is given up. */
async function isHeld({ leases, clock, timing }: GuardDeps, sending: Sending): Promise<boolean> {
  if (sending.lease === null) return false;
  // Half as much again, so that a call that comes at once does not renew too.
  if (sending.lease.until - clock.now() > timing.leaseLeftMs * 1.5) return true;
  const { lease } = sending;
  const renewed = await leases.renew(lease);
  if (sending.lease === lease) sending.lease = renewed;
  return sending.lease !== null;
}

/** After a write that was refused: what we thought we knew is old, and the lease may be somebody else's. */
export async function doubtLease({ leases }: GuardDeps, sending: Sending): Promise<void> {
  sending.isLoaded = false;
  const { lease } = sending;
  if (lease === null) return;
  const renewed = await leases.renew(lease);
  if (sending.lease === lease) sending.lease = renewed;
}

/** Gives the thread to whoever wants it. */
export async function letGo({ leases }: Pick<SendingDeps, 'leases'>, sending: Sending): Promise<void> {
  const { lease } = sending;
  sending.lease = null;
  if (lease !== null) await leases.release(lease);
}
