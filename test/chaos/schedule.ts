import { POINTS, THROWING_POINTS } from './fault-points.ts';
import type { Scene } from './light-agent.ts';
import { createRandom, type Random } from './random.ts';
import type { ArmedFault } from './settings.ts';
import type { SlackFault } from './workspace-client.ts';

/** Something that happens to Deckhand. Threads are counted in the order in which they were opened. */
export type Act =
  | { readonly do: 'mention'; readonly scene: Scene; readonly by: 'ana' | 'bo' }
  | { readonly do: 'follow_up'; readonly thread: number; readonly scene: Scene; readonly by: 'ana' | 'bo' }
  | { readonly do: 'stop'; readonly thread: number; readonly how: 'word' | 'reaction' | 'button' }
  /** `patienceMs`: how long the person waits for the button. */
  | { readonly do: 'create_pull_request'; readonly thread: number; readonly patienceMs: number }
  /** Presses the newest button with this label that the thread has, if it has one. */
  | {
      readonly do: 'press';
      readonly thread: number;
      readonly label: 'Cancel' | 'Resume' | 'Retry' | 'Discard';
    }
  | { readonly do: 'slack'; readonly fault: SlackFault }
  | { readonly do: 'outage'; readonly ms: number }
  | { readonly do: 'kill' }
  /** Stops the process for a while without its knowledge, as a laptop that sleeps or a starved machine does. */
  | { readonly do: 'freeze'; readonly ms: number }
  /** The person who opened the thread edits what they wrote. */
  | { readonly do: 'edit'; readonly thread: number }
  /** An operator has all threads made anew. */
  | { readonly do: 'rebuild' }
  /** The author of the thread's newest follow-up deletes it. */
  | { readonly do: 'take_back'; readonly thread: number };

type Step = { readonly afterMs: number; readonly act: Act };

export type Schedule = {
  readonly name: string;
  readonly steps: readonly Step[];
  /** What is armed in the first life of the process, the second, and so on; later lives have nothing armed. */
  readonly lives: readonly (readonly ArmedFault[])[];
  /** What people say in the end of follow-ups that a stop has held; null: nobody says anything. */
  readonly held: 'Go on' | 'Drop' | null;
  /** Slack forgets what nobody was there to hear: it has to be found in the channel's history. */
  readonly isForgetful: boolean;
};

const THREADS_MAX = 3;
/** Methods that the app calls often enough for a fault in them to matter. */
const METHODS = [
  'chat.postMessage',
  'chat.update',
  'reactions.add',
  'users.info',
  'conversations.replies',
  '*',
] as const;

/** Refusals that end when somebody mends their cause. */
const MENDABLE = ['not_in_channel', 'is_archived', 'token_revoked', 'account_inactive'] as const;

/** The schedule of a seed: the same one each time. */
export function scheduleOf(seed: number): Schedule {
  const random = createRandom(seed);
  let threads = 1;
  const steps: Step[] = [{ afterMs: 0, act: { do: 'mention', scene: randomScene(random), by: 'ana' } }];
  for (let left = random.int(4, 9); left > 0; left -= 1) {
    const act = randomAct(random, threads);
    if (act.do === 'mention') threads += 1;
    steps.push({ afterMs: random.chance(0.3) ? 0 : random.int(20, 500), act });
  }
  const lives = Array.from({ length: random.int(0, 3) }, () => [randomFault(random)]);
  const held = random.pick(['Go on', 'Go on', 'Drop', null] as const);
  return { name: `seed ${seed}`, steps, lives, held, isForgetful: random.chance(0.25) };
}

function randomAct(random: Random, threads: number): Act {
  const thread = random.int(0, threads - 1);
  const by = random.pick(['ana', 'bo'] as const);
  const dice = random.int(1, 100);
  if (dice <= 15)
    return threads < THREADS_MAX ? { do: 'mention', scene: randomScene(random), by } : { do: 'kill' };
  if (dice <= 40) return { do: 'follow_up', thread, scene: randomScene(random), by };
  if (dice <= 50) return { do: 'stop', thread, how: random.pick(['word', 'reaction', 'button'] as const) };
  if (dice <= 54)
    return { do: 'press', thread, label: random.pick(['Cancel', 'Resume', 'Retry', 'Discard'] as const) };
  if (dice <= 60) return { do: 'create_pull_request', thread, patienceMs: 700 };
  if (dice <= 75) return { do: 'kill' };
  if (dice <= 77) return { do: 'edit', thread };
  if (dice <= 79) return { do: 'take_back', thread };
  if (dice <= 80) return { do: 'rebuild' };
  if (dice <= 82) return { do: 'freeze', ms: random.int(200, 4_000) };
  if (dice <= 85) return { do: 'outage', ms: random.int(50, 1_200) };
  return { do: 'slack', fault: randomSlackFault(random) };
}

/** A scene that fails for a passing reason costs the wait of three seconds before its next try, so it is rare. */
function randomScene(random: Random): Scene {
  if (random.chance(0.05)) return 'flaky';
  return random.pick(['quick', 'quick', 'slow', 'slow', 'edit', 'edit', 'broken'] as const);
}

function randomSlackFault(random: Random): SlackFault {
  const method = random.pick(METHODS);
  const times = random.int(1, 2);
  switch (random.int(1, 12)) {
    case 1:
      return { fault: { method, times, dropAnswer: true } };
    case 2:
      return { fault: { method: 'chat.postMessage', times, dropAnswer: true } };
    case 3:
      return { fault: { method, times, status: 429, retryAfterSeconds: 1 } };
    case 4:
      return { fault: { method, times, status: 500 } };
    case 5:
      return { fault: { method, times, delayMs: random.int(50, 600) } };
    case 6:
      return {
        fault: {
          method,
          times,
          error: random.pick(['internal_error', 'ratelimited', 'service_unavailable'] as const),
        },
      };
    case 7:
      return { disconnect: random.pick(['cut', 'warning', 'refresh_requested'] as const) };
    case 8:
      return { rateLimits: true };
    case 9:
      return { fault: { method: 'chat.postMessage', times, error: random.pick(MENDABLE) } };
    case 10:
      return { redeliver: '*', times };
    case 11:
      return {
        late: random.pick(['app_mention', 'message'] as const),
        times,
        delayMs: random.int(50, 1_500),
      };
    default:
      return { duplicate: random.pick(['app_mention', 'message'] as const), times };
  }
}

function randomFault(random: Random): ArmedFault {
  const nth = random.int(1, 6);
  const act = random.pick(['kill', 'kill_after', 'delay', 'throw'] as const);
  const point = random.pick(act === 'throw' ? THROWING_POINTS : POINTS);
  return { point, nth, act, ms: act === 'delay' ? random.int(20, 400) : 0 };
}

/** Passages that the cross of points and kills tries. */
const PASSAGES = [1, 2, 3] as const;

/** Each fault point, killed before and behind its first three passages, in a story that passes them all. */
export function crossedSchedules(): readonly Schedule[] {
  return POINTS.flatMap((point) =>
    PASSAGES.flatMap((nth) =>
      (['kill', 'kill_after'] as const).map((act) => ({
        name: `${act} at ${point} ${nth}`,
        steps: CROSSED_STORY,
        lives: [[{ point, nth, act, ms: 0 }]],
        held: null,
        isForgetful: false,
      })),
    ),
  );
}

/** What people write while Deckhand is away and Slack forgets it, also when the first look for it fails. */
export function gapSchedules(): readonly Schedule[] {
  const failing = ['conversations.replies', 'conversations.history', 'conversations.list'].map(
    (method): Step => ({
      afterMs: 0,
      act: { do: 'slack', fault: { fault: { method, times: 3, status: 500 } } },
    }),
  );
  return [
    { name: 'gap in which Slack forgets', between: [] },
    { name: 'gap whose first look fails', between: failing },
  ].map(({ name, between }) => ({
    name,
    lives: [],
    held: null,
    isForgetful: true,
    steps: [
      { afterMs: 0, act: { do: 'mention', scene: 'quick', by: 'ana' } },
      { afterMs: 3_000, act: { do: 'kill' } },
      ...between,
      { afterMs: 0, act: { do: 'follow_up', thread: 0, scene: 'quick', by: 'bo' } },
      { afterMs: 0, act: { do: 'mention', scene: 'quick', by: 'bo' } },
      // What is wrong with Slack is healed after the last step: by then the first look is over.
      { afterMs: 8_000, act: { do: 'edit', thread: 0 } },
    ],
  }));
}

/** Two requests in one thread, a change, and a pull request of it. */
const CROSSED_STORY: readonly Step[] = [
  { afterMs: 0, act: { do: 'mention', scene: 'edit', by: 'ana' } },
  { afterMs: 150, act: { do: 'follow_up', thread: 0, scene: 'quick', by: 'bo' } },
  { afterMs: 0, act: { do: 'create_pull_request', thread: 0, patienceMs: 15_000 } },
];
