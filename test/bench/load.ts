import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from 'orchestrator/domain';
import { z } from 'zod';
import { readLogs } from '../chaos/evidence.ts';
import { ALERTS, ANA, BO, type Call, connectWorkspace, ENGINEERING } from '../chaos/workspace-client.ts';
import { seconds, spread } from './figures.ts';
import { type Stage, setStage } from './stage.ts';

/** Slack's own limits make 400 posts in four channels and 200 edits of cards take some four minutes. */
const PATIENCE_MS = 20 * 60_000;
const LOOK_MS = 2_000;

type Row = readonly [string, string];

/** Many sessions at once with the workspace's true rate limits on: how late the thread is, and what it costs. */
export async function measureLoad(dir: string, sessions: number): Promise<readonly Row[]> {
  const stage = await setStage(dir);
  try {
    const memoryBefore = memory(stage).at(-1) ?? 0;
    const asked = await askMany(stage, sessions);
    const { addresses } = stage.workspace;
    await connectWorkspace(addresses).fault({ rateLimits: true });
    const posts = await finalsOf(stage, sessions);
    const takenMs = Date.now() - asked;
    const calls = await connectWorkspace(addresses).calls();
    const growth = Math.max(...memory(stage)) - memoryBefore;
    return rowsOf({ sessions, takenMs, posts, calls, growth, entries: readLogs(stage.database).entries });
  } finally {
    await stage.close();
  }
}

function memory({ deckhand }: Stage): readonly number[] {
  return deckhand.notices.flatMap((notice) => (notice.chaos === 'memory' ? [notice.rss] : []));
}

/** Asks in two channels and two direct conversations in turn; answers with when the first was asked. */
async function askMany({ workspace: { addresses } }: Stage, sessions: number): Promise<number> {
  const any = connectWorkspace(addresses);
  const places = [
    { as: ANA, channel: ENGINEERING },
    { as: BO, channel: ALERTS },
    { as: ANA, channel: await any.openDm(ANA) },
    { as: BO, channel: await any.openDm(BO) },
  ].map(({ as, channel }) => ({ as, client: connectWorkspace(addresses, channel) }));
  const startedAt = Date.now();
  const all = Array.from({ length: sessions }, (_, index) => {
    const place = places[index % places.length];
    const scene = index % 2 === 0 ? 'quick' : 'edit';
    return place?.client.post(`@deckhand please do number ${index}, scene:${scene}`, { as: place.as });
  });
  await Promise.all(all);
  return startedAt;
}

const markSchema = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.object({ event_payload: z.object({ slot: z.string() }) }));

type Post = { readonly slot: string; readonly at: number };

/** The posts of our own messages that the workspace took. */
function postsIn(calls: readonly Call[]): readonly Post[] {
  return calls.flatMap(({ method, args, answer, at }) => {
    const mark = markSchema.safeParse(args['metadata']);
    const isPost = method === 'chat.postMessage' && answer['ok'] === true && mark.success;
    return isPost ? [{ slot: mark.data.event_payload.slot, at }] : [];
  });
}

/** Waits for the final of each session, or until it takes too long; answers with all posts. */
async function finalsOf({ workspace: { addresses } }: Stage, sessions: number): Promise<readonly Post[]> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const posts = postsIn(await connectWorkspace(addresses).calls());
    if (finals(posts).size >= sessions || Date.now() > until) return posts;
    await sleep(LOOK_MS);
  }
}

/** When each turn's final was posted, by the turn's id. */
function finals(posts: readonly Post[]): ReadonlyMap<string, number> {
  return bySlot(posts, 'final');
}

function bySlot(posts: readonly Post[], kind: 'card' | 'final'): ReadonlyMap<string, number> {
  const ofKind = posts.flatMap(({ slot, at }) => {
    const [, turnId] = new RegExp(`^turn/(.+)/${kind}$`).exec(slot) ?? [];
    return turnId === undefined ? [] : [[turnId, at] as const];
  });
  return new Map(ofKind);
}

function rowsOf(of: {
  readonly sessions: number;
  readonly takenMs: number;
  readonly posts: readonly Post[];
  readonly calls: readonly Call[];
  readonly growth: number;
  readonly entries: readonly Entry[];
}): readonly Row[] {
  const posted = finals(of.posts);
  const refused = of.calls.filter(
    ({ status, answer }) => status === 429 || answer['error'] === 'ratelimited',
  );
  return [
    ['sessions at once', String(of.sessions)],
    ['finals lost', String(of.sessions - posted.size)],
    ['messages posted twice', String(of.posts.length - new Set(of.posts.map(({ slot }) => slot)).size)],
    ['all finals there after', seconds(of.takenMs)],
    [
      'age of a final when it was posted, p50 / p95 / max',
      spread(ages(of.entries, posted, 'run.finished'), seconds),
    ],
    [
      'request → card, p50 / p95 / max',
      spread(ages(of.entries, bySlot(of.posts, 'card'), 'turn.requested'), seconds),
    ],
    ['Web API calls a turn', (of.calls.length / of.sessions).toFixed(1)],
    ['429 answers', String(refused.length)],
    ['memory a session', `${(of.growth / of.sessions / 1024 / 1024).toFixed(2)} MB`],
  ];
}

/** How long after an event of its turn each message was posted, in milliseconds. */
function ages(
  entries: readonly Entry[],
  posted: ReadonlyMap<string, number>,
  type: 'run.finished' | 'turn.requested',
): readonly number[] {
  const turnOfRun = new Map<string, string>();
  return entries.flatMap(({ event, at }) => {
    if (event.type === 'run.started') turnOfRun.set(event.runId, event.turnId);
    if (event.type !== type) return [];
    const turnId = event.type === 'run.finished' ? turnOfRun.get(event.runId) : event.turnId;
    const postedAt = posted.get(turnId ?? '');
    return postedAt === undefined ? [] : [Math.max(0, postedAt - Date.parse(at))];
  });
}
