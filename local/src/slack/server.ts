import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from './clock.ts';
import type { LocalApi } from './http/local-api.ts';
import { route } from './http/router.ts';
import { eventTypes, readManifest } from './manifest.ts';
import type { PageListener } from './page-bus.ts';
import { createPeople, type People } from './people/people.ts';
import { DEFAULT_QUEUE, type QueueOptions } from './socket/event-queue.ts';
import { createAnnouncer } from './web-api/announcer.ts';
import { type Call, createCallLog } from './web-api/call-log.ts';
import { type Controls, createControls } from './web-api/controls.ts';
import { createFaults } from './web-api/faults.ts';
import { METHODS } from './web-api/methods.ts';
import { createRateLimits } from './web-api/rate-limits.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

export type LocalSlackOptions = {
  /** The workspace's database and files; made when missing. One process at a time. */
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The built page, served at `/`. Without it only the APIs answer. */
  readonly pageDir?: string;
  /** The app's Slack manifest, parsed from YAML or JSON; without it the `manifest.yml` of Deckhand. */
  readonly manifest?: unknown;
  readonly clock?: Clock;
  /** How long the app has to acknowledge; Slack: 3,000 ms. */
  readonly ackTimeoutMs?: number;
  readonly queue?: Partial<QueueOptions>;
};

/** A Slack-compatible workspace on this machine. */
export type LocalSlack = {
  /** The page, `http://127.0.0.1:<port>/`. */
  readonly url: string;
  /** For `slackApiUrl`, with the trailing slash. */
  readonly apiUrl: string;
  readonly botToken: string;
  /** Gives the app another bot token; Slack takes the old one no more. */
  rotateBotToken(): void;
  readonly appToken: string;
  /** Acts of people, without a browser. */
  readonly people: People;
  readonly faults: Controls['faults'];
  /** The app's last Web API calls, oldest first. */
  calls(method?: string): Call[];
  /** Sockets that the app holds open. */
  sockets(): number;
  /** Events that the app has not acknowledged yet. */
  pendingEvents(): number;
  /** Hears everything that the pages hear; returns the function that stops it. */
  onPageEvent(listener: PageListener): () => void;
  /** Sets the line at the top of the page; null takes it away. */
  setNotice(text: string | null): void;
  /** Ends everything; calling it twice is harmless. */
  close(): Promise<void>;
};

/** Starts the workspace on 127.0.0.1. Rejects when the port is taken. */
export async function createLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const server = createServer();
  await listen(server, options.port);
  const { port } = addressOf(server);
  const baseUrl = `http://127.0.0.1:${port}`;
  const clock = options.clock ?? systemClock;
  const workspace = createWorkspace({
    dataDir: options.dataDir,
    manifest: await readManifest(options.manifest),
    clock,
    baseUrl: () => baseUrl,
    ackTimeoutMs: options.ackTimeoutMs ?? 3000,
    queue: { ...DEFAULT_QUEUE, ...options.queue },
  });
  const { people, controls, setNotice } = serve(server, workspace, options.pageDir ?? null);
  let closing: Promise<void> | null = null;
  return {
    url: `${baseUrl}/`,
    apiUrl: `${baseUrl}/api/`,
    get botToken() {
      return workspace.store.botToken;
    },
    rotateBotToken: workspace.store.rotateBotToken,
    appToken: workspace.store.appToken,
    people,
    faults: controls.faults,
    calls: controls.calls,
    sockets: workspace.hub.sockets,
    pendingEvents: workspace.queue.pending,
    onPageEvent: workspace.page.subscribe,
    setNotice,
    close() {
      closing ??= close(server, workspace);
      return closing;
    },
  };
}

async function close(server: Server, workspace: Workspace): Promise<void> {
  workspace.queue.close();
  workspace.hub.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  workspace.store.close();
}

/** Puts HTTP and Socket Mode in front of the workspace. */
function serve(server: Server, workspace: Workspace, pageDir: string | null) {
  let notice: string | null = null;
  const announcer = createAnnouncer(workspace.page, () => controls.faults.state());
  workspace.queue.onFaults(announcer.faults);
  const faults = createFaults(announcer.faults);
  const rateLimits = createRateLimits(workspace.clock);
  const callLog = createCallLog(announcer.call);
  const people = createPeople(workspace);
  const onChange = announcer.faults;
  const choices = { methods: Object.keys(METHODS).sort(), eventTypes: eventTypes(workspace.manifest) };
  const deps = { workspace, faults, rateLimits, callLog, choices, onChange };
  const controls: Controls = createControls(deps);
  const webApi = { workspace, methods: METHODS, calls: callLog, faults, rateLimits };
  const localApi: LocalApi = { workspace, people, controls, notice: () => notice };
  server.on('request', (request, response) => void route({ webApi, localApi, pageDir }, request, response));
  server.on('upgrade', (request, socket, head) => {
    if (faults.isDown() || !request.url?.startsWith('/link')) socket.destroy();
    else workspace.hub.upgrade(request, socket, head);
  });
  const setNotice = (text: string | null): void => {
    notice = text;
  };
  return { people, controls, setNotice };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address');
  return address;
}
