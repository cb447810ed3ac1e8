import { setTimeout as delay } from 'node:timers/promises';
import type { Service } from '../provider.ts';
import type { OpenCodeClient } from './opencode-client.ts';
import type { Recorder } from './opencode-recorder.ts';

export type Abortable = {
  readonly client: OpenCodeClient;
  readonly service: Service;
  readonly sessionId: string;
  readonly recorder: Recorder | null;
  readonly sentAt: number;
};

/** How long an agent may take to fall silent before it is killed. The contract's 15 s also hold requests under way. */
const silenceLimitMs = 8_000;
/** How long a prompt may be on its way into the conversation: before that, silence proves nothing. */
const arrivalLimitMs = 5_000;

/** Makes the agent stop: politely, and when that does not help by ending its process and all that it started. */
export async function fallSilent(run: Abortable): Promise<void> {
  if (run.sentAt === 0) return;
  const giveUp = new AbortController();
  const isSilent = await Promise.race([
    askUntilSilent(run, giveUp.signal),
    delay(silenceLimitMs, false, { signal: giveUp.signal }).catch(() => false),
  ]);
  giveUp.abort();
  if (!isSilent) await run.service.kill();
}

async function askUntilSilent(run: Abortable, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      for (const id of [run.sessionId, ...(run.recorder?.children() ?? [])]) await run.client.abort(id);
      if (await isSilent(run)) return true;
    } catch {
      // An agent that does not answer is asked again, and killed when the time is up.
    }
    await delay(200);
  }
  return false;
}

async function isSilent({ client, sessionId, recorder, sentAt }: Abortable): Promise<boolean> {
  if ((await client.status(sessionId)).type !== 'idle') return false;
  const last = (await client.messages(sessionId)).at(-1);
  if (last?.author !== 'user' && last && recorder?.isNew(last.id))
    return last.isCompleted || last.error !== null;
  return performance.now() - sentAt > arrivalLimitMs;
}
