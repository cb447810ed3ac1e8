import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesNaming } from '../process.ts';
import { gather, type Post } from './evidence.ts';
import { bugs, violations } from './invariants.ts';
import { startWorkspaceProcess } from './processes.ts';
import type { Act, Schedule } from './schedule.ts';
import { type Supervisor, supervise } from './supervisor.ts';
import {
  ALERTS,
  ANA,
  BO,
  buttonOn,
  connectWorkspace,
  ENGINEERING,
  type WorkspaceClient,
} from './workspace-client.ts';

/** How long Deckhand may take to come to rest after everything is healed, and how long nothing may change, in milliseconds. */
const REST_MS = 300_000;
const STILL_MS = 60_000;
const LOOK_MS = 150;
/** The product looks again after 15 s and after a minute. */
const TIMING = { placeWaitMs: 500, probeEveryMs: 1_000, spareAfterMs: 0 };
/** How long what a process left behind may live on: the reaper gives up after ten seconds. */
const REAPED_MS = 12_000;

/** What came of one schedule. */
export type Played = {
  readonly name: string;
  readonly wallMs: number;
  /** Lives that were ended by SIGKILL. */
  readonly kills: number;
  /** Fault points at which something happened, as `act point nth`. */
  readonly faults: readonly string[];
  readonly slackFaults: number;
  readonly requests: number;
  /** From the last act until everything was as it must be. */
  readonly restMs: number;
  readonly violations: readonly string[];
  /** Where it was played; gone when all was well. */
  readonly dir: string;
};

type World = {
  readonly workspace: WorkspaceClient;
  /** What people do in a channel. */
  readonly inChannel: (channel: string) => WorkspaceClient;
  /** Threads are opened in these in turn: Slack takes about one post a second in each. */
  readonly channels: readonly [string, ...string[]];
  readonly supervisor: Supervisor;
  readonly posts: Post[];
  readonly roots: Root[];
  readonly database: string;
};

type Root = { readonly ts: string; readonly as: string; readonly workspace: WorkspaceClient };

/** Plays a schedule in a folder of its own, which is removed when all was well; `origin` is a bare repository to copy. */
export async function play(schedule: Schedule, dir: string, origin: string): Promise<Played> {
  const startedAt = Date.now();
  await mkdir(dir, { recursive: true });
  await cp(origin, join(dir, 'origin.git'), { recursive: true });
  const process = await startWorkspaceProcess(join(dir, 'workspace'), {
    waits: schedule.isForgetful ? 'forgetful' : 'short',
  });
  const dataDir = join(dir, 'data');
  const timing = schedule.isForgetful ? { ...TIMING, shortGapMs: 0 } : TIMING;
  const supervisor = supervise(
    dir,
    {
      dataDir,
      originDir: join(dir, 'origin.git'),
      slack: process.addresses,
      cardIntervalMs: 100,
      timing,
    },
    schedule.lives,
  );
  const inChannel = (channel: string) => connectWorkspace(process.addresses, channel);
  const workspace = inChannel(ENGINEERING);
  const world: World = {
    workspace,
    inChannel,
    channels: [ENGINEERING, ALERTS, await workspace.openDm(ANA)],
    supervisor,
    posts: [],
    roots: [],
    database: join(dataDir, 'deckhand.sqlite'),
  };
  let found: readonly string[];
  let restMs = 0;
  try {
    // Nobody looks for what was posted before Deckhand was there for the first time.
    if (schedule.isForgetful) await supervisor.ready();
    for (const { afterMs, act } of schedule.steps) {
      await sleep(afterMs);
      await perform(world, act);
    }
    const healedAt = Date.now();
    await workspace.fault({ rateLimits: false });
    await workspace.fault({ clear: true });
    const isAtRest = await rest(world, schedule.held);
    restMs = Date.now() - healedAt;
    const left = await afterwards(world, { dir, workspacePid: process.pid });
    found =
      isAtRest || left.length > 0 ? left : ['it did not come to rest: a question was asked again and again'];
  } catch (error) {
    found = [`the harness broke: ${error instanceof Error ? error.stack : String(error)}`];
  } finally {
    await supervisor.stop();
    await process.close();
  }
  if (found.length === 0) await rm(dir, { recursive: true, force: true });
  return { ...summary(schedule, world), wallMs: Date.now() - startedAt, restMs, violations: found, dir };
}

function summary(schedule: Schedule, { supervisor, posts }: World) {
  const faults = supervisor
    .lives()
    .flatMap(({ notices }) =>
      notices.flatMap((one) => (one.chaos === 'fault' ? [`${one.act} ${one.point} ${one.nth}`] : [])),
    );
  return {
    name: schedule.name,
    kills: supervisor.kills(),
    faults,
    slackFaults: schedule.steps.filter(({ act }) => act.do === 'slack' || act.do === 'outage').length,
    requests: posts.filter(({ kind }) => kind === 'request').length,
  };
}

async function perform(world: World, act: Act): Promise<void> {
  const { workspace, supervisor, posts, roots } = world;
  switch (act.do) {
    case 'mention': {
      const channel = world.channels[roots.length % world.channels.length] ?? ENGINEERING;
      const place = world.inChannel(channel);
      const as = channel.startsWith('D') ? ANA : personOf(act.by);
      const ts = await place.post(request(world, act), { as });
      posts.push({ ts, threadTs: ts, as, kind: 'request' });
      roots.push({ ts, as, workspace: place });
      return;
    }
    case 'follow_up': {
      const root = roots[act.thread];
      if (!root) return;
      const as = root.workspace.isDm ? ANA : personOf(act.by);
      const ts = await root.workspace.post(request(world, act), { as, threadTs: root.ts });
      posts.push({ ts, threadTs: root.ts, as, kind: 'request' });
      return;
    }
    case 'stop':
      return stop(posts, roots[act.thread], act.how);
    case 'create_pull_request':
      return createPullRequest(roots[act.thread], act.patienceMs);
    case 'press':
      await press(roots[act.thread], act.label);
      return;
    case 'slack':
      return workspace.fault(act.fault);
    case 'outage':
      await workspace.fault({ down: true });
      await sleep(act.ms);
      return workspace.fault({ down: false });
    case 'kill':
      return supervisor.kill();
    case 'freeze':
      return supervisor.freeze(act.ms);
    case 'edit': {
      const root = roots[act.thread];
      return root?.workspace.edit(root);
    }
    case 'rebuild':
      return supervisor.rebuild();
    case 'take_back':
      return takeBack(posts, roots[act.thread]);
  }
}

/** Deletes the newest follow-up of a thread, if it has one. */
async function takeBack(posts: Post[], root: Root | undefined): Promise<void> {
  const index = posts.findLastIndex(
    ({ kind, ts, threadTs }) => kind === 'request' && threadTs === root?.ts && ts !== threadTs,
  );
  const post = posts[index];
  if (!root || !post) return;
  await root.workspace.remove({ ts: post.ts, as: post.as });
  posts[index] = { ...post, kind: 'deleted' };
}

function personOf(by: 'ana' | 'bo'): string {
  return by === 'ana' ? ANA : BO;
}

function request({ posts }: World, { scene }: { readonly scene: string }): string {
  return `@deckhand please do number ${posts.length + 1}, scene:${scene}`;
}

async function stop(
  posts: Post[],
  root: Root | undefined,
  how: Extract<Act, { do: 'stop' }>['how'],
): Promise<void> {
  if (!root) return;
  const { ts: threadTs, workspace } = root;
  if (how === 'word') {
    const ts = await workspace.post('stop', { threadTs });
    posts.push({ ts, threadTs, as: ANA, kind: 'stop' });
  } else if (how === 'reaction') {
    // The same person cannot react twice; the second stop of a thread is then no stop.
    await workspace.react(threadTs, 'octagonal_sign').catch(() => undefined);
  } else await press(root, 'Stop');
}

/** Presses a button of the thread when there is one. A press that nobody acknowledged is lost, as in Slack. */
async function press(root: Root | undefined, label: string): Promise<boolean> {
  if (!root) return false;
  // During an outage the thread cannot be read, and a person would not press anything.
  const thread = await root.workspace.thread(root.ts).catch(() => []);
  for (const message of thread.toReversed()) {
    const button = buttonOn(message, label);
    if (button) return root.workspace.press(message.ts, button);
  }
  return false;
}

/** Presses "Create PR" and submits its form, again when Deckhand was away, until it was taken or patience ends. */
async function createPullRequest(root: Root | undefined, patienceMs: number): Promise<void> {
  const until = Date.now() + patienceMs;
  while (root && Date.now() < until) {
    if ((await press(root, 'Create PR')) && (await root.workspace.submitOpenForm())) return;
    await sleep(LOOK_MS);
  }
}

/**
 * Waits until everything is as it must be, twice in a row; false when nothing changes any more before it is. Progress
 * counts, not time: on a machine that is busy with other things a start alone can take half a minute.
 */
async function rest(world: World, held: Schedule['held']): Promise<boolean> {
  const { supervisor } = world;
  const isHopeless = () => supervisor.deaths.length > 0 || bugs({ errors: supervisor.errors() }).length > 0;
  const until = Date.now() + REST_MS;
  let last = { missing: '', at: Date.now() };
  let calm = 0;
  while (calm < 2 && Date.now() < Math.min(until, last.at + STILL_MS) && !isHopeless()) {
    await sleep(LOOK_MS);
    const missing = (await look(world)).join();
    if (missing !== last.missing) last = { missing, at: Date.now() };
    const isAsked = missing === '' && held !== null && (await decideHeld(world, held));
    calm = missing === '' && !isAsked ? calm + 1 : 0;
  }
  return calm >= 2;
}

/** Answers the first question about held follow-ups; false when there is none. */
async function decideHeld({ roots }: World, held: 'Go on' | 'Drop'): Promise<boolean> {
  const labels = held === 'Drop' ? ['Drop it', 'Drop them'] : [held];
  for (const { ts, workspace } of roots) {
    for (const message of await workspace.thread(ts)) {
      const button = labels.map((label) => buttonOn(message, label)).find((found) => found !== null);
      if (!button) continue;
      await workspace.press(message.ts, button);
      return true;
    }
  }
  return false;
}

async function look({ database, inChannel, posts, supervisor }: World): Promise<readonly string[]> {
  const { deaths } = supervisor;
  return violations(await gather(database, inChannel, { posts, deaths, errors: supervisor.errors() }));
}

/** The same look when Deckhand has ended, and at what it left behind. */
async function afterwards(
  world: World,
  { dir, workspacePid }: { readonly dir: string; readonly workspacePid: number },
): Promise<readonly string[]> {
  const endedInOrder = await world.supervisor.stop();
  const until = Date.now() + REAPED_MS;
  let left: readonly number[] = [];
  do {
    left = (await processesNaming(dir)).filter((pid) => pid !== workspacePid);
    if (left.length > 0) await sleep(LOOK_MS);
  } while (left.length > 0 && Date.now() < until);
  return [
    ...(await look(world)),
    ...(endedInOrder ? [] : ['the process did not end when it was asked to']),
    ...(left.length > 0 ? [`processes were left behind: ${left.join(', ')}`] : []),
  ];
}
