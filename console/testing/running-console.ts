import { createConsole } from '../server.ts';
import { createFakeDeckhand, type FakeDeckhand } from './fake-deckhand.ts';
import { createFakeDelivery, type FakeDelivery } from './fake-delivery.ts';
import type { Moment } from './scene.ts';
import { sceneArtifacts, sceneIds, timed } from './scene.ts';

export type RunningConsole = Awaited<ReturnType<typeof createConsole>> & {
  readonly deckhand: FakeDeckhand;
  readonly delivery: FakeDelivery;
  /** Errors that the server has logged. */
  readonly errors: readonly Readonly<Record<string, unknown>>[];
  /** Signs in and answers with the header that says so. */
  signIn(): Promise<{ readonly cookie: string }>;
};

/** A console on a free port, over a Deckhand that holds nothing yet. */
export async function runningConsole(
  options: { readonly demoModel?: boolean; readonly delivery?: Promise<FakeDelivery> } = {},
): Promise<RunningConsole> {
  const deckhand = createFakeDeckhand();
  const delivery = createFakeDelivery();
  const errors: Readonly<Record<string, unknown>>[] = [];
  const ignore = () => {};
  const web = await createConsole({
    deckhand,
    delivery: options.delivery ?? Promise.resolve(delivery),
    log: { debug: ignore, info: ignore, warn: ignore, error: (fields) => errors.push(fields) },
    port: 0,
    dataSecret: 'a secret of the tests',
    demoModel: options.demoModel ?? true,
    localSlack: true,
    links: { slack: 'http://127.0.0.1:9/slack', slackThread: () => 'http://127.0.0.1:9/thread' },
  });
  return {
    ...web,
    deckhand,
    delivery,
    errors,
    async signIn() {
      const answer = await fetch(web.signInLink(), { redirect: 'manual' });
      return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
    },
  };
}

/** Puts a scene into the log, the last of it just now. */
export function playScene(
  deckhand: FakeDeckhand,
  name: string,
  scene: (ids: ReturnType<typeof sceneIds>) => readonly Moment[],
) {
  const ids = sceneIds(name);
  const moments = scene(ids);
  const took = moments.reduce((sum, moment) => sum + moment.afterMs, 0);
  for (const artifact of sceneArtifacts(ids)) deckhand.keep(ids.sessionId, artifact);
  deckhand.append(ids.sessionId, ...timed(Date.now() - took, moments));
  return ids;
}
