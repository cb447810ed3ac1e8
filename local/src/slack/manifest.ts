import { z } from 'zod';
import type { AppStatus } from './page-api.ts';
import { BOT_USER_ID } from './seed.ts';

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
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

/** The part of a Slack app manifest that decides what the workspace offers and which events the app gets. */
export type AppManifest = z.infer<typeof schema>;

/** Reads a Slack app manifest (already parsed from YAML or JSON). Throws when a needed part is missing. */
export function readManifest(manifest: unknown): AppManifest {
  return schema.parse(manifest);
}

/** What the workspace assumes when it is not given the app's own manifest. */
export const DEFAULT_MANIFEST: AppManifest = {
  display_information: { name: 'Deckhand' },
  features: {
    slash_commands: [
      {
        command: '/deckhand',
        description: 'Start, list, stop or configure coding sessions',
        usage_hint: '[start|list|stop|config|help] …',
      },
    ],
    shortcuts: [
      { type: 'message', name: 'Send to Deckhand', callback_id: 'run_from_message' },
      { type: 'global', name: 'New coding session', callback_id: 'run_new' },
    ],
  },
  settings: {
    event_subscriptions: {
      bot_events: [
        'app_home_opened',
        'app_mention',
        'channel_archive',
        'member_joined_channel',
        'message.channels',
        'message.im',
        'reaction_added',
        'reaction_removed',
      ],
    },
  },
};

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
