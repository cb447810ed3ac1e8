import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that cannot be served; `status` is the HTTP answer. */
export class HttpRefusal extends Error {
  readonly status: number;

  constructor(message: string, { status, ...options }: ErrorOptions & { readonly status: number }) {
    super(message, options);
    this.name = 'HttpRefusal';
    this.status = status;
  }
}

/** Above Slack's largest argument, a view tab of 1,000,000 bytes, with room for form encoding. */
const MAX_BODY_BYTES = 4_000_000;

/** The whole body as text. Throws HttpRefusal 413 when it is too long. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new HttpRefusal('body too large', { status: 413 });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

/** The body as JSON. Throws HttpRefusal 400 when it is none. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new HttpRefusal('not JSON', { status: 400, cause });
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
