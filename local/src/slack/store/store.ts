import type { Clock } from '../clock.ts';
import { newSecret } from '../ids.ts';
import { openDatabase, setting } from './database.ts';
import { createDeliveries } from './deliveries.ts';
import { createDirectory } from './directory.ts';
import { createFiles } from './files.ts';
import { createMessages, createReactions } from './messages.ts';
import { createViews } from './views.ts';

export type Store = ReturnType<typeof openStore>;

/** Everything that outlives a restart, in `dataDir/slack.sqlite` and `dataDir/files/`. */
export function openStore(dataDir: string, clock: Clock) {
  const db = openDatabase(dataDir);
  return {
    botToken: setting(db, { name: 'bot_token', make: () => `xoxb-${newSecret()}` }),
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
