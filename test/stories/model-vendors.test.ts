import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from 'orchestrator/platform/log';
import { createLocalProvider, createOpenCode, type SandboxProvider } from 'sandboxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelGateway } from '../../orchestrator/src/gateway/model.ts';
import { vendorOf } from '../../orchestrator/src/gateway/vendors.ts';

type Seen = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string };

/** A vendor that writes down what it is asked and knows no key. */
describe('each model vendor', () => {
  const seen: Seen[] = [];
  const logger = createLogger({ service: 'vendors', level: 'error' });
  let upstream: Server;
  let provider: SandboxProvider;
  let dir: string;
  let origin: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'deckhand-vendors-'));
    provider = await createLocalProvider({ root: dir });
    upstream = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      seen.push({ url: request.url ?? '', headers: request.headers, body });
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"error":{"type":"authentication_error","message":"no such key"}}');
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const address = upstream.address();
    origin = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  });
  afterAll(async () => {
    await provider.close();
    upstream.close();
    await rm(dir, { recursive: true, force: true });
  });

  it.each([
    { kind: 'anthropic', url: '/v1/messages', header: 'x-api-key', value: 'sk-real-key' },
    { kind: 'openai', url: '/v1/responses', header: 'authorization', value: 'Bearer sk-real-key' },
    { kind: 'openrouter', url: '/v1/chat/completions', header: 'authorization', value: 'Bearer sk-real-key' },
  ] as const)(
    'is asked by the real OpenCode in its own words, with our key: $kind',
    async ({ kind, url, header, value }) => {
      seen.length = 0;
      const vendor = { ...vendorOf({ kind, key: 'sk-real-key' }), baseUrl: `${origin}/v1` };
      const gateway = await createModelGateway({
        vendor,
        secret: 's'.repeat(64),
        logger,
      });
      const sandbox = await provider.create({ labels: {}, env: {} });
      await sandbox.start();
      await sandbox.exec(['git', 'init', '-q']);
      const agent = await createOpenCode().start({
        sandbox,
        model: gateway.forSession('ses_1'),
        instructions: 'Be brief.',
      });
      const conversation = await agent.open({ title: 'vendors' });
      const signal = AbortSignal.timeout(60_000);
      await expect(
        conversation.run({ text: 'hi' }, { onEvent: () => undefined, signal }),
      ).rejects.toMatchObject({ code: 'agent.model_refused' });
      expect(seen[0]?.url).toBe(url);
      expect(seen[0]?.headers[header]).toBe(value);
      expect(JSON.parse(seen[0]?.body ?? '{}')).toMatchObject({ model: vendor.modelId });
      await sandbox.delete();
      await gateway.close();
    },
  );
});
