import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { type Answer, answer } from './mind.ts';
import type { Reply } from './scene.ts';
import {
  type ChatRequest,
  chatRequest,
  chunk,
  completion,
  countUsage,
  deltas,
  finishReason,
} from './wire.ts';

/** The id under which the demo model is listed. Requests may name any id: there is only one mind. */
const DEMO_MODEL_ID = 'deckhand-demo';

export type DemoModel = {
  /** The base URL for an OpenAI-compatible client; ends in /v1. */
  readonly url: string;
  readonly apiKey: string;
  /** Ends open streams and stops listening. */
  readonly close: () => Promise<void>;
  /** How many chat completions were asked for since the start. */
  readonly requests: () => number;
};

export type DemoModelOptions = {
  /** 0 for any free port. */
  readonly port: number;
  /** A random one when it is left out. */
  readonly apiKey?: string;
  /** `demo` speaks at a pace that people can follow, `fast` at once. */
  readonly pace?: 'demo' | 'fast';
};

// Chosen so that a person can follow, the first tool call comes within two seconds, and the whole repair of a test
// takes 12 to 20.
const PACES = {
  demo: { firstThinkMs: 250, thinkMs: 800, wordMs: 42 },
  fast: { firstThinkMs: 0, thinkMs: 0, wordMs: 0 },
};
type Pace = (typeof PACES)['demo'];

// A long session with screenshots, which are sent as data URLs, stays far below this.
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * Starts the scripted demo model: an OpenAI-compatible endpoint on 127.0.0.1 that works by the scenes of this
 * folder. It keeps nothing: what it does next follows from the messages of each request.
 */
export async function createDemoModel(options: DemoModelOptions): Promise<DemoModel> {
  const apiKey = options.apiKey ?? randomBytes(24).toString('base64url');
  const pace = PACES[options.pace ?? 'demo'];
  let requests = 0;

  const server = createServer((request, response) => {
    const route = `${request.method} ${new URL(request.url ?? '/', 'http://localhost').pathname}`;
    if (!isAuthorised(request, apiKey)) {
      refuse(response, 401, 'Incorrect API key provided');
    } else if (route === 'GET /v1/models') {
      sendJson(response, 200, {
        object: 'list',
        data: [{ id: DEMO_MODEL_ID, object: 'model', created: 0, owned_by: 'deckhand' }],
      });
    } else if (route === 'POST /v1/chat/completions') {
      requests += 1;
      void chat(request, response, pace);
    } else {
      refuse(response, 404, `Unknown request URL: ${route}`);
    }
  });

  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    apiKey,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function chat(request: IncomingMessage, response: ServerResponse, pace: Pace): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const body = await readBody(request);
    if ('refuse' in body) return refuse(response, body.refuse, body.message);
    const parsed = chatRequest.safeParse(body.json);
    if (!parsed.success) return refuse(response, 400, `Invalid request: ${z.prettifyError(parsed.error)}`);
    await respond(response, { request: parsed.data, answer: answer(parsed.data), pace, gone: gone.signal });
  } catch (error) {
    // The client hung up, as on Stop: nobody is left to tell.
    if (gone.signal.aborted) return;
    if (response.headersSent) response.destroy();
    else refuse(response, 500, String(error));
  }
}

type Exchange = { request: ChatRequest; answer: Answer; pace: Pace; gone: AbortSignal };

async function respond(response: ServerResponse, exchange: Exchange): Promise<void> {
  const { answer, request } = exchange;
  if ('refuse' in answer) {
    refuse(response, answer.refuse, answer.message);
  } else if (request.stream) {
    await stream(response, answer, exchange);
  } else {
    sendJson(response, 200, completion(envelopeOf(request), answer, countUsage(request, answer)));
  }
}

async function stream(
  response: ServerResponse,
  reply: Reply,
  { request, pace, gone }: Exchange,
): Promise<void> {
  const envelope = envelopeOf(request);
  const send = (data: unknown) => response.write(`data: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  const thinkMs = request.messages.at(-1)?.role === 'user' ? pace.firstThinkMs : pace.thinkMs;
  if (thinkMs > 0) await wait(thinkMs, undefined, { signal: gone });
  for (const delta of deltas(reply)) {
    send(chunk(envelope, { delta, finish_reason: null }));
    if (pace.wordMs > 0) await wait(pace.wordMs, undefined, { signal: gone });
  }
  send(chunk(envelope, { delta: {}, finish_reason: finishReason(reply) }));
  send(chunk(envelope, null, countUsage(request, reply)));
  response.end('data: [DONE]\n\n');
}

function envelopeOf(request: ChatRequest) {
  return { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: request.model };
}

type Body = { readonly json: unknown } | { readonly refuse: number; readonly message: string };

async function readBody(request: IncomingMessage): Promise<Body> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > MAX_BODY_BYTES) return { refuse: 413, message: 'The request is too large' };
    pieces.push(piece);
  }
  try {
    return { json: JSON.parse(Buffer.concat(pieces).toString('utf8')) };
  } catch {
    // Whatever the parser stumbled over, the client has sent something else than JSON.
    return { refuse: 400, message: 'The request is not JSON' };
  }
}

function isAuthorised(request: IncomingMessage, apiKey: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${apiKey}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** OpenAI's error shape, which clients turn into their own errors. */
function refuse(response: ServerResponse, status: number, message: string): void {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  sendJson(response, status, { error: { message, type, param: null, code: null } });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
