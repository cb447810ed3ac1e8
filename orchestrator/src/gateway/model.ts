import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AgentModel } from 'sandboxes';
import { type SessionId, sessionIdSchema } from '../domain/index.ts';
import type { Logger } from '../platform/log.ts';
import type { ModelAccess } from '../ports.ts';

/** A model and its vendor, with the key that never leaves this process. */
export type ModelVendor = {
  /** As in the log: `anthropic/claude-…`. */
  readonly name: string;
  /** The wire format that the vendor speaks. */
  readonly api: AgentModel['api'];
  readonly modelId: string;
  readonly label: string;
  /** Up to and without the method's path: `https://api.anthropic.com/v1`. */
  readonly baseUrl: string;
  readonly key: string;
  readonly cost: AgentModel['cost'];
  readonly limit: AgentModel['limit'];
};

export interface ModelGateway extends ModelAccess {
  close(): Promise<void>;
}

/** What a sandbox may ask for; anything else at the vendor's (files, fine-tuning, billing) is closed to it. */
const ALLOWED = new Set(['/chat/completions', '/responses', '/messages', '/models']);
/** The largest request that is passed on: images come inline. In bytes. */
const MAX_BODY = 40 * 1024 * 1024;
const HEADERS_PASSED_ON = [
  'content-type',
  'accept',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'x-session-id',
];
const HEADERS_PASSED_BACK = ['content-type', 'retry-after', 'retry-after-ms', 'x-request-id', 'request-id'];

/**
 * The only way from a sandbox to the model. A sandbox holds a token of its session, useless elsewhere; the vendor's key
 * is put in here.
 */
export async function createModelGateway(options: {
  readonly vendor: ModelVendor;
  /** Signs the sessions' tokens. */
  readonly secret: string;
  readonly logger: Logger;
}): Promise<ModelGateway> {
  const { vendor, logger } = options;
  const tokenOf = (sessionId: SessionId) => `dh.${sessionId}.${sign(options.secret, sessionId)}`;

  const server = createServer((request, response) => {
    passOn(vendor, options.secret, request, response).catch((err: unknown) => {
      if (!response.headersSent) answer(response, 502, 'the model does not answer');
      else response.destroy();
      logger.warn({ err }, 'model request failed');
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the model gateway has no port');
  const baseUrl = `http://127.0.0.1:${address.port}/model`;

  return {
    name: vendor.name,
    forSession: (sessionId) => ({
      api: vendor.api,
      id: vendor.modelId,
      name: vendor.label,
      baseUrl,
      apiKey: tokenOf(sessionId),
      cost: vendor.cost,
      limit: vendor.limit,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function passOn(
  vendor: ModelVendor,
  secret: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sessionId = sessionOf(request, secret);
  if (!sessionId) return answer(response, 401, 'this token is not valid here');
  const { pathname } = new URL(request.url ?? '/', 'http://gateway');
  const path = pathname.replace(/^\/model/, '');
  if (!pathname.startsWith('/model/') || !ALLOWED.has(path))
    return answer(response, 404, 'the gateway does not serve this');
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY)
    return answer(response, 413, 'the request is too large');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const upstream = await fetch(`${vendor.baseUrl}${path}`, {
    method: request.method === 'GET' ? 'GET' : 'POST',
    headers: { ...pick(request, HEADERS_PASSED_ON), ...keyHeader(vendor) },
    ...(request.method === 'GET' ? {} : { body: Readable.toWeb(request), duplex: 'half' }),
    redirect: 'error',
    signal: gone.signal,
  });
  const headers = HEADERS_PASSED_BACK.flatMap((name) => {
    const value = upstream.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  response.writeHead(upstream.status, Object.fromEntries(headers));
  if (upstream.body) await pipeline(Readable.fromWeb(upstream.body), response);
  else response.end();
}

function keyHeader(vendor: ModelVendor): Record<string, string> {
  return vendor.api === 'anthropic' ? { 'x-api-key': vendor.key } : { authorization: `Bearer ${vendor.key}` };
}

function pick(request: IncomingMessage, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = request.headers[name];
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}

/** Whose token the request carries, in the header that either kind of client uses; null when it is nobody's. */
function sessionOf(request: IncomingMessage, secret: string): SessionId | null {
  const { authorization, 'x-api-key': key } = request.headers;
  const token = typeof key === 'string' ? key : (authorization?.replace(/^Bearer /i, '') ?? '');
  const [mark, id, signature = ''] = token.split('.');
  const parsed = sessionIdSchema.safeParse(id);
  if (mark !== 'dh' || !parsed.success) return null;
  const sessionId: SessionId = `ses_${parsed.data.slice(4)}`;
  const expected = Buffer.from(sign(secret, sessionId));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given) ? sessionId : null;
}

function sign(secret: string, sessionId: SessionId): string {
  return createHmac('sha256', secret).update(`model:${sessionId}`).digest('hex');
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { type: 'deckhand_gateway', message } }));
}
