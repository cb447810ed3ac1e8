import type { z } from 'zod';
import { SandboxError } from '../errors.ts';
import type { Sandbox } from '../provider.ts';
import type { AgentFile, Todo } from './agent.ts';
import { promptBody, type WireMessage, type WireQuestion, type WireStatus, wire } from './opencode-wire.ts';

export type OpenCodeAddress = { readonly sandbox: Sandbox; readonly port: number; readonly password: string };

/** Time for an answer. Whatever takes longer is asked again or given up by the caller. */
const requestTimeoutMs = 5_000;

/** OpenCode's HTTP interface, as far as we use it. Every call throws `agent.unreachable` when nothing answers. */
export type OpenCodeClient = ReturnType<typeof createOpenCodeClient>;

export function createOpenCodeClient(address: OpenCodeAddress) {
  const request = (method: 'GET' | 'POST', path: string, options: RequestOptions = {}) =>
    send(address, { method, path, ...options });
  const read = async <T>(schema: z.ZodType<T>, path: string): Promise<T> =>
    parse(schema, await expectOk(await request('GET', path)), path);

  return {
    /** Whether it is up. An attempt that hits the moment in which the port opens is never answered: hence the short limit. */
    async isHealthy(): Promise<boolean> {
      const response = await request('GET', '/global/health', { timeoutMs: 500 }).catch(() => null);
      await response?.body?.cancel();
      return response?.ok ?? false;
    },
    async createSession(title: string): Promise<string> {
      // The first request for a folder makes OpenCode look at the whole of it.
      const response = await expectOk(
        await request('POST', '/session', { body: { title }, timeoutMs: 60_000 }),
      );
      return (await parse(wire.session, response, '/session')).id;
    },
    async hasSession(sessionId: string): Promise<boolean> {
      // It answers 500 to an id that does not look like one of its own.
      if (!/^ses_\w+$/.test(sessionId)) return false;
      const response = await request('GET', `/session/${sessionId}`, { timeoutMs: 60_000 });
      if (response.status === 404) return false;
      await (await expectOk(response)).body?.cancel();
      return true;
    },
    messages: (sessionId: string): Promise<WireMessage[]> =>
      read(wire.messages, `/session/${sessionId}/message`),
    async lastMessageId(sessionId: string): Promise<string | null> {
      return (await read(wire.messages, `/session/${sessionId}/message?limit=1`)).at(-1)?.id ?? null;
    },
    async status(sessionId: string): Promise<WireStatus> {
      return (await read(wire.statuses, '/session/status'))[sessionId] ?? { type: 'idle' };
    },
    todos: (sessionId: string): Promise<Todo[]> => read(wire.todos, `/session/${sessionId}/todo`),
    questions: (): Promise<WireQuestion[]> => read(wire.questions, '/question'),
    async prompt(
      sessionId: string,
      modelId: string,
      text: string,
      files?: readonly AgentFile[],
    ): Promise<void> {
      const body = promptBody({ modelId, text, ...(files ? { files } : {}) });
      await expectOk(
        await request('POST', `/session/${sessionId}/prompt_async`, { body, timeoutMs: 30_000 }),
      );
    },
    async abort(sessionId: string): Promise<void> {
      await expectOk(await request('POST', `/session/${sessionId}/abort`));
    },
    /** False when the question is no longer open. */
    async answer(questionId: string, answers: readonly (readonly string[])[]): Promise<boolean> {
      const response = await request('POST', `/question/${encodeURIComponent(questionId)}/reply`, {
        body: { answers },
      });
      if (response.status === 404 || response.status === 400) return false;
      await expectOk(response);
      return true;
    },
    async allow(permissionId: string): Promise<void> {
      await request('POST', `/permission/${permissionId}/reply`, { body: { reply: 'once' } });
    },
    /** The event stream, until the signal aborts. */
    async events(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
      const response = await expectOk(await request('GET', '/event', { signal }));
      if (!response.body) throw unreachable('the event stream has no body');
      return response.body;
    },
  };
}

type RequestOptions = {
  readonly body?: unknown;
  readonly timeoutMs?: number;
  /** Takes the place of the time limit. */
  readonly signal?: AbortSignal;
};

async function send(
  { sandbox, port, password }: OpenCodeAddress,
  {
    method,
    path,
    body,
    timeoutMs = requestTimeoutMs,
    signal,
  }: RequestOptions & { method: string; path: string },
): Promise<Response> {
  const directory = `directory=${encodeURIComponent(sandbox.paths.workspace)}`;
  const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`;
  try {
    return await sandbox.fetch(port, `${path}${path.includes('?') ? '&' : '?'}${directory}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ?? AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw unreachable(`${method} ${path} had no answer`, error);
  }
}

async function expectOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = (await response.text().catch(() => '')).slice(0, 500);
  throw new SandboxError('agent.failed', `OpenCode answered ${response.status}: ${text}`, {
    retryable: response.status >= 500,
  });
}

async function parse<T>(schema: z.ZodType<T>, response: Response, path: string): Promise<T> {
  const body = await response.json().catch((error: unknown) => {
    throw unreachable(`the answer to ${path} broke off`, error);
  });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new SandboxError('agent.failed', `the answer to ${path} has an unknown shape`, {
    retryable: false,
    cause: parsed.error,
  });
}

function unreachable(message: string, cause?: unknown): SandboxError {
  return new SandboxError('agent.unreachable', message, { retryable: true, cause });
}
