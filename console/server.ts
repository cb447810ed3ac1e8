import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import express, { type Express, type Response } from 'express';
import type { Deckhand, Delivery } from 'orchestrator/client';
import type { ConsoleLinks, ConsoleServices, Logger } from './app/server/services.server.ts';
import { membersOnly, sameOrigin, secureHeaders } from './server/guards.ts';
import { lateDelivery } from './server/late-delivery.ts';
import { machineHealth } from './server/machine-health.ts';
import { createMemberCookie, type MemberCookie } from './server/member-cookie.ts';
import { loadRemixBuild } from './server/remix-build.ts';
import { createSignInDesk, type SignInDesk } from './server/sign-in-desk.ts';

const BUILD = fileURLToPath(new URL('./build/', import.meta.url));

export type ConsoleOptions = {
  readonly deckhand: Deckhand;
  /** Of the Slack app, which starts after the console: its messages point here. null where there is none. */
  readonly delivery: Promise<Delivery> | null;
  readonly log: Logger;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: '127.0.0.1';
  /** Where people reach the console, when that is not where it listens. */
  readonly publicUrl?: string;
  /** Signs the cookie. */
  readonly dataSecret: string;
  readonly demoModel: boolean;
  /** Slack is the workspace that comes with Deckhand. */
  readonly localSlack: boolean;
  readonly links: ConsoleLinks;
};

export type Console = {
  readonly url: string;
  /** A new link that signs in once, within an hour. */
  signInLink(): string;
  close(): Promise<void>;
};

/** Starts the console. Throws when it has not been built, or when the port is taken. */
export async function createConsole(options: ConsoleOptions): Promise<Console> {
  const build = await loadRemixBuild(BUILD);
  const closing = new AbortController();
  const desk = createSignInDesk();
  const cookie = createMemberCookie({
    secret: options.dataSecret,
    secure: options.publicUrl?.startsWith('https:') ?? false,
  });
  const app = createApp({ options, build, desk, cookie, closing: closing.signal });
  const server = createServer(app);
  const port = await listen(server, { port: options.port, host: options.host ?? '127.0.0.1' });
  const url = options.publicUrl?.replace(/\/$/, '') ?? `http://127.0.0.1:${port}`;
  options.log.info({ url }, 'console started');
  return {
    url,
    signInLink: () => `${url}/sign-in?token=${desk.issue()}`,
    async close() {
      closing.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

type AppParts = {
  readonly options: ConsoleOptions;
  readonly build: ServerBuild;
  readonly desk: SignInDesk;
  readonly cookie: MemberCookie;
  readonly closing: AbortSignal;
};

function createApp({ options, build, desk, cookie, closing }: AppParts): Express {
  const app = express();
  const delivery = lateDelivery(options.delivery);
  app.disable('x-powered-by');
  app.use(secureHeaders());
  app.get('/healthz', machineHealth(delivery));
  app.use('/assets', express.static(`${BUILD}client/assets`, { immutable: true, maxAge: '1y' }));
  app.use(express.static(`${BUILD}client`, { maxAge: '1h', index: false }));
  app.use(sameOrigin(options.publicUrl));
  app.use(membersOnly(cookie));
  const { deckhand, log, links, demoModel, localSlack } = options;
  const redeemSignIn = async (token: string) => (desk.redeem(token) ? await cookie.mint() : null);
  app.all(
    '*',
    createRequestHandler({
      build,
      mode: 'production',
      getLoadContext: (_request, response): ConsoleServices => ({
        deckhand,
        delivery,
        log,
        links,
        demoModel,
        localSlack,
        redeemSignIn,
        closing,
        ...visitorOf(response),
      }),
    }),
  );
  return app;
}

/** What the guards have put down for this request. */
function visitorOf(response: Response): Pick<ConsoleServices, 'member' | 'nonce'> {
  return { member: response.locals['member'], nonce: response.locals['nonce'] };
}

function listen(server: Server, at: { readonly port: number; readonly host: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : at.port);
    });
  });
}
