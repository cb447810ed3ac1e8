import { expect, it } from 'vitest';
import { readManifest } from './manifest.ts';
import { ANA, ENGINEERING, startWorkspace, until } from './testing/rig.ts';

const manifest = (more: { scopes: string[]; events: string[] }) => ({
  display_information: { name: 'Small app' },
  features: {},
  oauth_config: { scopes: { bot: more.scopes } },
  settings: { event_subscriptions: { bot_events: more.events } },
});

it('reads the manifest that people install Deckhand with', async () => {
  const product = await readManifest();
  expect(product.display_information.name).toBe('Deckhand');
  expect(product.settings.event_subscriptions.bot_events).toContain('app_mention');
});

it('refuses methods and hides addresses that the manifest has no scope for', async () => {
  const small = manifest({ scopes: ['chat:write', 'users:read'], events: [] });
  const { web } = await startWorkspace({ manifest: small });

  await web.chat.postMessage({ channel: ENGINEERING, text: 'allowed' });
  await expect(web.users.lookupByEmail({ email: 'ana@deckhand-demo.test' })).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'users:read.email', provided: 'chat:write,users:read' },
  });
  expect((await web.users.info({ user: ANA })).user?.profile).not.toHaveProperty('email');
});

it('delivers only the events that the manifest subscribes to', async () => {
  const { slack } = await startWorkspace({ manifest: manifest({ scopes: [], events: ['app_mention'] }) });

  slack.people.post({ as: ANA, channel: ENGINEERING, text: '@deckhand hello' });
  slack.people.post({ as: ANA, channel: ENGINEERING, text: 'hello' });

  expect(await until('the events', slack.pendingEvents)).toBe(1);
});
