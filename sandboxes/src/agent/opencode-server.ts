import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError } from '../errors.ts';
import type { Service } from '../provider.ts';
import type { AgentOptions } from './agent.ts';
import { createOpenCodeClient, type OpenCodeClient } from './opencode-client.ts';
import { setUpOpenCode } from './opencode-setup.ts';

export type OpenCodeServer = { readonly client: OpenCodeClient; readonly service: Service };

/** 3 s on a quiet machine; a busy one takes several times as long. */
const startLimitMs = 90_000;

/** Starts `opencode serve` in the sandbox and waits until it answers. Throws `agent.start_failed`. */
export async function startOpenCodeServer(
  options: AgentOptions & { readonly binary: string },
  signal?: AbortSignal,
): Promise<OpenCodeServer> {
  const { sandbox, binary } = options;
  const password = randomBytes(24).toString('base64url');
  const env = await setUpOpenCode(options, password);
  const port = await sandbox.freePort();
  const flags = ['--hostname=127.0.0.1', `--port=${port}`, '--print-logs', '--log-level=WARN'];
  const service = await sandbox.serve([binary, 'serve', ...flags], { env }).catch((error: unknown) => {
    throw asStartFailure(error);
  });
  const client = createOpenCodeClient({ sandbox, port, password });
  try {
    await untilHealthy(client, service, signal);
    return { client, service };
  } catch (error) {
    await service.kill();
    throw error;
  }
}

async function untilHealthy(client: OpenCodeClient, service: Service, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + startLimitMs;
  let exitCode: number | null = null;
  void service.exited.then((code) => {
    exitCode = code;
  });
  while (!(await client.isHealthy())) {
    signal?.throwIfAborted();
    if (exitCode !== null) throw startFailed(`OpenCode ended with ${exitCode}`, service);
    if (performance.now() > deadline)
      throw startFailed(`OpenCode gave no answer in ${startLimitMs} ms`, service);
    await delay(100);
  }
}

function asStartFailure(error: unknown): unknown {
  if (!(error instanceof SandboxError) || error.code !== 'sandbox.exec_failed') return error;
  return new SandboxError('agent.start_failed', error.message, { retryable: false, cause: error });
}

function startFailed(reason: string, service: Service): SandboxError {
  const output = service.recentOutput().slice(-2_000);
  return new SandboxError('agent.start_failed', `${reason}: ${output}`, { retryable: true });
}
