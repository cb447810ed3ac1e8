import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import type { AppStatus } from './page-api.ts';
import { BOT_USER_ID } from './seed.ts';

/** The manifest that people install Deckhand with. */
const PRODUCT_MANIFEST = fileURLToPath(new URL('../../../manifest.yml', import.meta.url));

const command = z.object({
  command: z.string(),
  description: z.string(),
  usage_hint: z.string().default(''),
});
const shortcut = z.object({ type: z.enum(['message', 'global']), name: z.string(), callback_id: z.string() });

const schema = z.object({
  display_information: z.object({ name: z.string() }),
  features: z.object({
    slash_commands: z.array(command).default([]),
    shortcuts: z.array(shortcut).default([]),
  }),
  oauth_config: z.object({
    scopes: z.object({ bot: z.array(z.string()), bot_optional: z.array(z.string()).default([]) }),
  }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

/** The part of a Slack app manifest that decides what the page offers, which events come, and which methods work. */
export type AppManifest = z.infer<typeof schema>;

/**
 * Reads a Slack app manifest that is parsed already; without one Deckhand's own `manifest.yml`, so that what the
 * app needs and what it asks for cannot drift apart. Rejects when a needed part is missing.
 */
export async function readManifest(manifest?: unknown): Promise<AppManifest> {
  return schema.parse(manifest ?? parse(await readFile(PRODUCT_MANIFEST, 'utf8')));
}

/** Whether a person who installs the app gives it this scope; optional ones are taken as given. */
export function hasScope({ oauth_config: { scopes } }: AppManifest, scope: string): boolean {
  return scopes.bot.includes(scope) || scopes.bot_optional.includes(scope);
}

/** What the page shows about the app. */
export function appStatus(manifest: AppManifest, sockets: number): AppStatus {
  const shortcuts = (type: 'message' | 'global') =>
    manifest.features.shortcuts
      .filter((entry) => entry.type === type)
      .map((entry) => ({ callbackId: entry.callback_id, name: entry.name }));
  return {
    sockets,
    botUserId: BOT_USER_ID,
    name: manifest.display_information.name,
    commands: manifest.features.slash_commands.map((entry) => ({
      command: entry.command,
      description: entry.description,
      usageHint: entry.usage_hint,
    })),
    messageShortcuts: shortcuts('message'),
    globalShortcuts: shortcuts('global'),
  };
}

/** The types of the events that come to the app: every `message.*` is a `message`. Sorted, each once. */
export function eventTypes({ settings }: AppManifest): string[] {
  const types = settings.event_subscriptions.bot_events.map((name) =>
    name.replace(/^message\..*/, 'message'),
  );
  return [...new Set(types)].sort();
}
