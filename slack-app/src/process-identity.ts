import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who this process is among all that may write to the same threads. */
export type ProcessIdentity = {
  readonly name: string;
  /** Whether the process with this name is known to have ended. Never true of one on another machine. */
  isGone(name: string): boolean;
};

/** `machine:pid:nonce`; two processes with the same machine see each other's pids. */
export function createProcessIdentity(pid: number = process.pid): ProcessIdentity {
  const machine = machineId();
  return {
    name: `${machine}:${pid}:${randomUUID().slice(0, 8)}`,
    isGone: (name) => {
      const [theirs, theirPid] = name.split(':');
      return theirs === machine && Number(theirPid) > 0 && !isAlive(Number(theirPid));
    },
  };
}

/** The same for processes of one pid namespace of one boot only: containers may share a host's name. */
function machineId(): string {
  const parts = [
    hostname(),
    orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    orNothing(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

/** Systems without /proc have no pid namespaces either. */
function orNothing(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
