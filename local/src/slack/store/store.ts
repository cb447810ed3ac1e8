import type { Clock } from '../clock.ts';
import { newSecret } from '../ids.ts';
import { openDatabase, putSetting, setting } from './database.ts';
import { createDeliveries } from './deliveries.ts';
import { createDirectory } from './directory.ts';
import { createFiles } from './files.ts';
import { createMessages, createReactions } from './messages.ts';
import { createViews } from './views.ts';

export type Store = ReturnType<typeof openStore>;

/** Everything that outlives a restart, in `dataDir/slack.sqlite` and `dataDir/files/`. */
export function openStore(dataDir: string, clock: Clock) {
  const db = openDatabase(dataDir);
  let botToken = setting(db, { name: 'bot_token', make: newBotToken });
  const revoked = new Set<string>();
  return {
    get botToken() {
      return botToken;
    },
    /** Puts a new bot token in place of the old one, as an administrator does who installs the app again. */
    rotateBotToken(): void {
      revoked.add(botToken);
      botToken = newBotToken();
      putSetting(db, { name: 'bot_token', value: botToken });
    },
    /** Whether a token was good before it was rotated, in this life of the workspace. */
    isRevoked: (token: string): boolean => revoked.has(token),
    appToken: setting(db, { name: 'app_token', make: () => `xapp-1-${newSecret()}` }),
    directory: createDirectory(db, clock),
    messages: createMessages(db),
    reactions: createReactions(db),
    files: createFiles(db, dataDir),
    views: createViews(db),
    deliveries: createDeliveries(db),
    close: () => db.close(),
  };
}

function newBotToken(): string {
  return `xoxb-${newSecret()}`;
}
