import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { readBody, sendJson } from '../http/requests.ts';
import type { CallFault } from '../page-api.ts';
import type { Workspace } from '../workspace.ts';
import type { CallLog } from './call-log.ts';
import type { Faults } from './faults.ts';
import type { Method } from './method.ts';
import type { RateLimits } from './rate-limits.ts';
import { checkScope } from './scopes.ts';

export type WebApi = {
  readonly workspace: Workspace;
  readonly methods: Readonly<Record<string, Method>>;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
};

type Answer = {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly retryAfterSeconds?: number;
};

/** Answers `POST /api/<method>`, and keeps each call with its answer. */
export async function handleWebApi(
  api: WebApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://local');
  const name = url.pathname.slice('/api/'.length);
  const at = api.workspace.clock.now();
  const args = { ...Object.fromEntries(url.searchParams), ...(await readArguments(request)) };
  const fault = api.faults.take(name);
  if (fault && fault.delayMs > 0) await delay(fault.delayMs);
  const token = request.headers.authorization?.replace(/^Bearer /i, '') ?? String(args['token'] ?? '');
  const answer = faultAnswer(fault) ?? (await answerCall(api, { name, token, args }));
  const { token: _secret, ...kept } = args;
  const isDropped = fault?.dropAnswer === true || api.faults.isDown();
  api.calls.add({
    ...{ method: name, args: kept, at, tookMs: api.workspace.clock.now() - at },
    ...{ answer: answer.body, status: answer.status },
    ...{ retryAfterSeconds: answer.retryAfterSeconds ?? null, isDropped, isFault: fault !== null },
  });
  if (isDropped) {
    response.destroy();
    return;
  }
  if (answer.retryAfterSeconds !== undefined) response.setHeader('retry-after', answer.retryAfterSeconds);
  sendJson(response, answer.status, answer.body);
}

async function readArguments(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request);
  if (body === '') return {};
  if (!request.headers['content-type']?.startsWith('application/json'))
    return Object.fromEntries(new URLSearchParams(body));
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(body));
  } catch (cause) {
    throw new SlackError('invalid_json', { cause });
  }
}

function faultAnswer(fault: CallFault | null): Answer | null {
  if (!fault) return null;
  if (fault.error) return { status: 200, body: { ok: false, error: fault.error } };
  if (fault.status === 429) return rateLimited(fault.retryAfterSeconds);
  if (fault.status) return { status: fault.status, body: { ok: false, error: 'internal_error' } };
  return null;
}

function rateLimited(retryAfterSeconds: number): Answer {
  return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfterSeconds };
}

type CallRequest = { readonly name: string; readonly token: string; readonly args: Record<string, unknown> };

async function answerCall(api: WebApi, { name, token, args }: CallRequest): Promise<Answer> {
  try {
    const method = Object.hasOwn(api.methods, name) ? api.methods[name] : undefined;
    if (!method) throw new SlackError('unknown_method', { detail: { req_method: name } });
    checkToken(api.workspace, method, token);
    checkScope(api.workspace.manifest, name);
    const waitSeconds = api.rateLimits.take(name, String(args['channel'] ?? ''));
    if (waitSeconds !== null) return rateLimited(waitSeconds);
    return { status: 200, body: { ok: true, ...(await method.run(api.workspace, args)) } };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { status: 200, body: { ok: false, error: error.code, ...error.detail } };
  }
}

function checkToken({ store }: Workspace, method: Method, token: string): void {
  if (token === '') throw new SlackError('not_authed');
  if (store.isRevoked(token)) throw new SlackError('token_revoked');
  if (token !== store.botToken && token !== store.appToken) throw new SlackError('invalid_auth');
  const expected = method.token === 'bot' ? store.botToken : store.appToken;
  if (token !== expected) throw new SlackError('not_allowed_token_type');
}
