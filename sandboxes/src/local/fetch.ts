import { SandboxError } from '../errors.ts';

/** HTTP to this machine's loopback. See `Sandbox.fetch`. */
export async function loopbackFetch(port: number, path: string, init?: RequestInit): Promise<Response> {
  try {
    // What runs in a sandbox must not send us on to other hosts: redirects are answers like any other.
    return await fetch(new URL(`http://127.0.0.1:${port}/${path.replace(/^\/+/, '')}`), {
      redirect: 'manual',
      ...init,
    });
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw unreachable(port, error);
  }
}

function unreachable(port: number, cause: unknown): SandboxError {
  const message = `nothing answers on port ${port} of the sandbox`;
  return new SandboxError('sandbox.unreachable', message, { retryable: true, cause });
}
