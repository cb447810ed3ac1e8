import { once } from 'node:events';
import { createServer } from 'node:net';
import { SandboxError } from '../errors.ts';

/** A port of the loopback that nothing listens on now, chosen by the system. */
export async function freeLoopbackPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address && typeof address === 'object') return address.port;
  throw new SandboxError('sandbox.start_failed', 'the system gave no free port', { retryable: true });
}
