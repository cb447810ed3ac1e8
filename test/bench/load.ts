import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry, SessionEvent } from 'orchestrator/domain';
import { z } from 'zod';
import { readLogs } from '../chaos/evidence.ts';
import type { Scene } from '../chaos/light-agent.ts';
import {
  type Addresses,
  ALERTS,
  ANA,
  BO,
  buttonOn,
  type Call,
  connectWorkspace,
  ENGINEERING,
  type ThreadMessage,
} from '../chaos/workspace-client.ts';
import { seconds, spread } from './figures.ts';
import { type Stage, setStage } from './stage.ts';

/** What the sessions do in turn: most work for half a minute, some change a file, one in ten asks a question first. */
const SCENES: readonly Scene[] = [
  'ask',
  'long',
  'edit',
  'long',
  'long',
  'edit',
  'long',
  'long',
  'edit',
  'long',
];
/** Slack's own limits make 400 posts in four channels and 200 edits of cards take some four minutes. */
const PATIENCE_MS = 20 * 60_000;
const LOOK_MS = 2_000;

type Row = readonly [string, string];

/** Many sessions at once with the workspace's true rate limits on: how late the thread is, and what it costs. */
export async function measureLoad(dir: string, sessions: number): Promise<readonly Row[]> {
  const stage = await setStage(dir, { concurrentSessions: sessions });
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
    const scene = SCENES[index % SCENES.length];
    return place?.client.post(`@deckhand please do number ${index}, scene:${scene}`, { as: place.as });
  });
  await Promise.all(all);
  return startedAt;
}

const markSchema = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.object({ event_payload: z.object({ slot: z.string() }) }));

type Post = {
  readonly slot: string;
  readonly at: number;
  readonly channel: string;
  readonly ts: string;
  readonly blocks: ThreadMessage['blocks'];
};

const blocksSchema = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.record(z.string(), z.unknown())));

/** The posts of our own messages that the workspace took. */
function postsIn(calls: readonly Call[]): readonly Post[] {
  return calls.flatMap(({ method, args, answer, at }) => {
    const mark = markSchema.safeParse(args['metadata']);
    const isPost = method === 'chat.postMessage' && answer['ok'] === true && mark.success;
    if (!isPost) return [];
    const { slot } = mark.data.event_payload;
    return [
      {
        slot,
        at,
        channel: String(args['channel']),
        ts: String(answer['ts']),
        blocks: blocksSchema.parse(args['blocks']),
      },
    ];
  });
}

/** Waits for the final of each session, or until it takes too long; answers with all posts. Answers each question. */
async function finalsOf({ workspace: { addresses } }: Stage, sessions: number): Promise<readonly Post[]> {
  const until = Date.now() + PATIENCE_MS;
  const answered = new Set<string>();
  for (;;) {
    const posts = postsIn(await connectWorkspace(addresses).calls());
    for (const post of posts.filter(({ slot }) => slot.startsWith('question/') && !answered.has(slot))) {
      answered.add(post.slot);
      await answer(addresses, post);
    }
    if (finals(posts).size >= sessions || Date.now() > until) return posts;
    await sleep(LOOK_MS);
  }
}

/** Ana is in each place in which a question is asked: one in ten sessions, in two of the four. */
async function answer(addresses: Addresses, { channel, ts, blocks }: Post): Promise<void> {
  const button = buttonOn({ blocks }, 'Left');
  if (button) await connectWorkspace(addresses, channel).press(ts, button);
}

/** When each turn's final was posted, by the turn's id. */
function finals(posts: readonly Post[]): ReadonlyMap<string, number> {
  return bySlot(posts, 'final');
}

/** When each message of a kind was posted, by the id in its slot. */
function bySlot(posts: readonly Post[], kind: 'card' | 'final' | 'question'): ReadonlyMap<string, number> {
  const pattern = kind === 'question' ? /^question\/(.+)$/ : new RegExp(`^turn/(.+)/${kind}$`);
  const ofKind = posts.flatMap(({ slot, at }) => {
    const [, id] = pattern.exec(slot) ?? [];
    return id === undefined ? [] : [[id, at] as const];
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
      'age of a question when it was posted (the lane of approvals), p50 / p95 / max',
      spread(ages(of.entries, bySlot(of.posts, 'question'), 'question.asked'), seconds),
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
  type: 'run.finished' | 'turn.requested' | 'question.asked',
): readonly number[] {
  const turnOfRun = new Map<string, string>();
  return entries.flatMap(({ event, at }) => {
    if (event.type === 'run.started') turnOfRun.set(event.runId, event.turnId);
    if (event.type !== type) return [];
    const postedAt = posted.get(idOf(event, turnOfRun));
    return postedAt === undefined ? [] : [Math.max(0, postedAt - Date.parse(at))];
  });
}

type Announced = Extract<SessionEvent, { type: 'run.finished' | 'turn.requested' | 'question.asked' }>;

/** The id under which an event's message is known. */
function idOf(event: Announced, turnOfRun: ReadonlyMap<string, string>): string {
  switch (event.type) {
    case 'run.finished':
      return turnOfRun.get(event.runId) ?? '';
    case 'turn.requested':
      return event.turnId;
    case 'question.asked':
      return event.questionId;
  }
}
