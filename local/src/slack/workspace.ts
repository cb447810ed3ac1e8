import { type AppEvents, createAppEvents } from './app-events.ts';
import { type ChannelChanges, createChannelChanges } from './channel-changes.ts';
import { type Clock, createTimestamps } from './clock.ts';
import { createEphemerals, type Ephemerals } from './ephemerals.ts';
import { type AppManifest, appStatus } from './manifest.ts';
import { createPageBus, type PageBus } from './page-bus.ts';
import { createPosting, type Posting } from './posting.ts';
import { createResponseUrls, type ResponseUrls } from './response-urls.ts';
import { createEventQueue, type EventQueue, type QueueOptions } from './socket/event-queue.ts';
import { createHub, type Hub } from './socket/hub.ts';
import { openStore, type Store } from './store/store.ts';
import { createTriggers, type Triggers } from './triggers.ts';

/** All parts of the running workspace, as the Web API, the page's routes and the acts of people use them. */
export type Workspace = {
  readonly manifest: AppManifest;
  readonly clock: Clock;
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly baseUrl: () => string;
  readonly newTs: () => string;
  readonly store: Store;
  readonly page: PageBus;
  readonly hub: Hub;
  readonly queue: EventQueue;
  readonly events: AppEvents;
  readonly posting: Posting;
  readonly channels: ChannelChanges;
  readonly triggers: Triggers;
  readonly ephemerals: Ephemerals;
  readonly responseUrls: ResponseUrls;
};

export type WorkspaceOptions = {
  readonly dataDir: string;
  readonly manifest: AppManifest;
  readonly clock: Clock;
  readonly baseUrl: () => string;
  /** How long the app has to acknowledge an envelope; Slack: 3,000 ms. */
  readonly ackTimeoutMs: number;
  readonly queue: QueueOptions;
};

/** Builds the workspace on its data folder. It listens to nothing yet: `server.ts` puts HTTP in front. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { manifest, clock, baseUrl } = options;
  const store = openStore(options.dataDir, clock);
  const page = createPageBus();
  const newTs = createTimestamps(clock, store.messages.newestTs());
  const showApp = (): void => page.publish({ type: 'app', app: appStatus(manifest, hub.sockets()) });
  const hub: Hub = createHub({
    ackTimeoutMs: options.ackTimeoutMs,
    onClose: showApp,
    onOpen: () => {
      showApp();
      queue.flush();
    },
  });
  const queue: EventQueue = createEventQueue({
    hub,
    deliveries: store.deliveries,
    clock,
    options: options.queue,
  });
  const events = createAppEvents({ store, baseUrl, queue, manifest, newTs });
  const posting = createPosting({ store, page, events, newTs });
  return {
    manifest,
    clock,
    baseUrl,
    newTs,
    store,
    page,
    hub,
    queue,
    events,
    posting,
    channels: createChannelChanges({ store, page, events, posting }),
    triggers: createTriggers(clock),
    ephemerals: createEphemerals(),
    responseUrls: createResponseUrls(clock),
  };
}
