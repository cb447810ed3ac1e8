import type { Actor } from 'orchestrator/domain';
import { createLogger } from 'orchestrator/platform/log';
import { createConsole } from '../server.ts';
import { createFakeDeckhand, type FakeDeckhand } from './fake-deckhand.ts';
import { CONNECTED, createFakeDelivery, sentSlot, stuckSlot } from './fake-delivery.ts';
import {
  changeOf,
  finishing,
  opening,
  pullRequest,
  runStart,
  type SceneIds,
  sceneArtifacts,
  sceneIds,
  timed,
  working,
} from './scene.ts';

/** A console to look at: sessions in every state, and one that is at work for ever. */
const log = createLogger({ service: 'console', pretty: true });
const deckhand = createFakeDeckhand();
const delivery = createFakeDelivery();
const MINUTE_MS = 60_000;

function play(
  name: string,
  agoMinutes: number,
  scene: (ids: SceneIds) => Parameters<typeof timed>[1],
): SceneIds {
  const ids = sceneIds(name);
  for (const artifact of sceneArtifacts(ids)) deckhand.keep(ids.sessionId, artifact);
  deckhand.append(ids.sessionId, ...timed(Date.now() - agoMinutes * MINUTE_MS, scene(ids)));
  return ids;
}

const ask = 'The cart shows the wrong total when a customer has a discount. Can you fix it and add a test?';
play('done', 95, (ids) => [
  ...opening(ids, 'Fix the total of a discounted cart', ask),
  ...runStart(ids, 1),
  ...working(ids),
  ...finishing(ids),
  ...pullRequest(ids),
]);
play('failed', 240, (ids) => [
  ...opening(ids, 'Move the receipts to the new mail template', 'Use the new template for receipts.'),
  ...runStart(ids, 1),
  {
    afterMs: 4000,
    event: {
      type: 'run.failed',
      runId: ids.run(1),
      code: 'model.refused',
      detail: '401 from the model: key expired',
      retryAt: null,
    },
  },
]);
play('asks', 6, (ids) => [
  ...opening(ids, 'Choose a cache for the product pages', 'Product pages are slow, add a cache.'),
  ...runStart(ids, 1),
  {
    afterMs: 5000,
    event: {
      type: 'question.asked',
      questionId: 'que_asks1',
      runId: ids.run(1),
      questions: [
        {
          text: 'Which cache should I use? Redis is in docker-compose already.',
          options: [
            { label: 'Redis', description: 'Shared between servers' },
            { label: 'In memory', description: 'Simple, one server' },
          ],
          multiple: false,
        },
      ],
      expiresAt: new Date(Date.now() + 20 * MINUTE_MS).toISOString(),
    },
  },
]);
const bo: Actor = { kind: 'member', id: 'U0BO', name: 'Bo Chen' };
play('stopped', 9, (ids) => [
  ...opening(ids, 'Sort the cart by price', 'Sort the cart by price, the cheapest first.'),
  ...runStart(ids, 1),
  ...working(ids),
  ...[
    'And add a test for an empty cart.',
    'Tell in the readme how a cart is sorted.\n\nTwo sentences are enough.',
  ].map((text, at) => ({
    afterMs: 2000,
    actor: bo,
    event: { type: 'turn.requested', turnId: ids.turn(at + 2), text } as const,
  })),
  { afterMs: 900, actor: bo, event: { type: 'run.stop_requested', runId: ids.run(1) } },
  { afterMs: 0, actor: bo, event: { type: 'queue.held', turnIds: [ids.turn(2), ids.turn(3)] } },
  {
    afterMs: 1800,
    event: {
      type: 'run.stopped',
      runId: ids.run(1),
      by: bo,
      summary: 'I had sorted the lines, and was about to run the tests.',
      change: changeOf(ids),
    },
  },
]);
play('retrying', 3, (ids) => [
  ...opening(ids, 'Cache the exchange rates', 'Cache the exchange rates for an hour.'),
  ...(['run.lost', 'sandbox.unreachable'] as const).flatMap((code, at) => [
    ...runStart(ids, at + 1),
    {
      afterMs: 6000,
      event: {
        type: 'run.failed',
        runId: ids.run(at + 1),
        code,
        detail: 'connect ECONNREFUSED',
        retryAt: new Date(Date.now() + 20 * MINUTE_MS).toISOString(),
      } as const,
    },
  ]),
]);
const live = play('live', 1, (ids) => [
  ...opening(ids, 'Make the checkout test stable', ask),
  ...runStart(ids, 1),
  ...working(ids),
]);

delivery.show(
  'ses_done',
  sentSlot({ slot: 'turn/trn_done1/card', wanted: 'Done: fix the total of a discounted cart' }),
  sentSlot({ slot: 'turn/trn_done1/final', wanted: 'Fixed. 24 tests pass.\n2 files, +20 −3', tries: 2 }),
);
delivery.show(
  'ses_failed',
  {
    ...sentSlot({ slot: 'turn/trn_failed1/card', wanted: 'Failed: move the receipts' }),
    sent: 'Working: move the receipts',
    state: 'waiting',
  },
  stuckSlot({
    slot: 'turn/trn_failed1/final',
    wanted: 'The model refused our key. Ask an admin to renew it.',
  }),
);
delivery.set({
  writes: {
    queued: 7,
    oldestFinalMs: 25_000,
    mode: 'milestones',
    rateLimited: 3,
    budgets: CONNECTED.writes.budgets.map((one, at) =>
      at === 0 ? { ...one, available: 6, waiting: 7 } : one,
    ),
  },
});

const web = await createConsole({
  deckhand,
  delivery: Promise.resolve(delivery),
  localSlack: true,
  log,
  port: Number(process.argv[2] ?? 4310),
  dataSecret: 'try-out',
  demoModel: true,
  links: {
    slack: 'http://127.0.0.1:8080',
    slackThread: (thread) => `http://127.0.0.1:8080/archives/${thread.channel}`,
  },
});
log.info({ link: web.signInLink() }, 'sign in here');

const timer = setInterval(() => keepWorking(deckhand, live), 4_000);
process.once('SIGINT', () => {
  clearInterval(timer);
  void web.close();
});

let rounds = 0;
function keepWorking(target: FakeDeckhand, ids: SceneIds): void {
  const runId = ids.run(1);
  const callId = `loop${++rounds}`;
  const title = `Run the test again (${rounds})`;
  const shared = { runId, callId, tool: 'bash', title };
  target.append(ids.sessionId, {
    event: { type: 'agent.tool_started', ...shared, input: '{"command":"npm test"}' },
  });
  for (const word of ['Running', ' the', ' tests', ' once', ' more'])
    target.live(ids.sessionId, { kind: 'text', runId, id: callId, delta: word });
  target.live(ids.sessionId, { kind: 'output', runId, callId, chunk: 'TAP version 13\n', reset: false });
  setTimeout(() => {
    target.append(
      ids.sessionId,
      {
        event: {
          type: 'agent.tool_finished',
          ...shared,
          ok: true,
          output: '\u001b[32m✔ 24 tests pass\u001b[39m',
          exitCode: 0,
          durationMs: 1800,
        },
      },
      { event: { type: 'agent.said', runId, text: `Round **${rounds}** is stable.` } },
      { event: { type: 'agent.stepped', runId, costUsd: 0.011, inputTokens: 4000, outputTokens: 90 } },
    );
  }, 2_500);
}
