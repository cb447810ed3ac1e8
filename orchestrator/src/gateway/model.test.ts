import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelGateway, type ModelGateway, type ModelVendor } from './model.ts';

type Seen = { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string };

let upstream: Server;
let gateway: ModelGateway;
let seen: Seen[];

const vendorAt = (port: number): ModelVendor => ({
  name: 'custom/m1',
  api: 'openai-compatible',
  modelId: 'm1',
  label: 'm1',
  baseUrl: `http://127.0.0.1:${port}/v1`,
  key: 'sk-the-real-key',
  cost: { input: 0, output: 0, cacheRead: 0 },
  limit: { context: 1000, output: 100 },
});

beforeEach(async () => {
  seen = [];
  upstream = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ url: request.url ?? '', headers: request.headers, body });
    response.writeHead(body.includes('too often') ? 429 : 200, {
      'content-type': 'text/event-stream',
      'retry-after': '7',
      'set-cookie': 'a=b',
    });
    response.write('data: one\n\n');
    response.end('data: two\n\n');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  // Listening on a port, so the address is one.
  const { port } = upstream.address() as AddressInfo;
  gateway = await createModelGateway({
    vendor: vendorAt(port),
    secret: 'x'.repeat(64),
    logger: pino({ level: 'silent' }),
  });
});
afterEach(async () => {
  await gateway.close();
  upstream.close();
});

function ask(path: string, token: string, body = '{"model":"m1"}') {
  const { baseUrl } = gateway.forSession('ses_1');
  return fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', cookie: 'mine' },
    body,
  });
}

describe('the model gateway', () => {
  it('puts the vendor’s key in, and the session’s token never leaves', async () => {
    const { apiKey } = gateway.forSession('ses_1');
    const answer = await ask('/chat/completions', apiKey);
    expect(await answer.text()).toBe('data: one\n\ndata: two\n\n');
    expect(seen[0]).toMatchObject({ url: '/v1/chat/completions', body: '{"model":"m1"}' });
    expect(seen[0]?.headers.authorization).toBe('Bearer sk-the-real-key');
    expect(JSON.stringify(seen)).not.toContain(apiKey);
    expect(seen[0]?.headers.cookie).toBeUndefined();
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('hands a refusal on as it is, with when to come back', async () => {
    const answer = await ask('/chat/completions', gateway.forSession('ses_1').apiKey, '{"say":"too often"}');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  it('refuses a token that it did not give out, and one that was changed to name another session', async () => {
    const { apiKey } = gateway.forSession('ses_1');
    for (const token of ['', 'sk-the-real-key', apiKey.replace('ses_1', 'ses_2'), `${apiKey}0`]) {
      expect((await ask('/chat/completions', token)).status, token).toBe(401);
    }
    expect(seen).toEqual([]);
  });

  it('serves nothing but what a model is asked by', async () => {
    const { apiKey } = gateway.forSession('ses_1');
    for (const path of ['/files', '/../v1/files', '/chat/completions/../../files', '']) {
      expect((await ask(path, apiKey)).status, path).toBe(404);
    }
    expect(seen).toEqual([]);
  });

  it('answers 502 when the vendor cannot be reached', async () => {
    await new Promise((resolve) => upstream.close(resolve));
    const answer = await ask('/chat/completions', gateway.forSession('ses_1').apiKey);
    expect(answer.status).toBe(502);
  });
});
