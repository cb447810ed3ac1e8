import { bash, callsOf, finish, giveUp, type Reply, type Scene, type Story } from '../scene.ts';

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 180;
const STEP_SECONDS = 10;

/** Counts to a number, one a second: something to stop, to watch, or to interrupt. */
export const countSlowly: Scene = {
  example: 'count slowly to 60',
  matches: (request) => /\bcount (very )?slowly\b|\btake your time\b|\bslowly count\b/i.test(request),
  next: (story) => {
    const total = totalOf(story.request);
    const reached = reachedIn(story, total);
    const calls = callsOf(story);
    if (reached >= total) return finish(`I counted to ${total}. Nothing has been changed.`);
    const last = calls.at(-1);
    if (last && !countedTo(last.result ?? '', total))
      return giveUp(`I stop at ${reached}: the last command did not count.`);
    return count({
      from: reached + 1,
      to: Math.min(reached + STEP_SECONDS, total),
      total,
      isFirst: calls.length === 0,
    });
  },
};

function totalOf(request: string): number {
  const asked = Number(request.match(/\b(\d{1,4})\b/)?.[1] ?? DEFAULT_SECONDS);
  return Math.min(Math.max(asked, 1), MAX_SECONDS);
}

/** The last number that any command has printed, also before an interruption. */
function reachedIn(story: Story, total: number): number {
  const results = [...story.before, ...story.steps].flatMap((step) =>
    step.calls.map((call) => call.result ?? ''),
  );
  return Math.max(0, ...results.map((result) => countedTo(result, total)));
}

function countedTo(result: string, total: number): number {
  return Math.max(
    0,
    ...[...result.matchAll(/^(\d+) of (\d+)$/gm)].map(([, at, of]) =>
      Number(of) === total ? Number(at) : 0,
    ),
  );
}

function count(step: { from: number; to: number; total: number; isFirst: boolean }): Reply {
  const command = `for i in $(seq ${step.from} ${step.to}); do echo "$i of ${step.total}"; sleep 1; done`;
  const start =
    step.from === 1
      ? `I count to ${step.total}, one a second. Stop me any time.`
      : `I go on at ${step.from}.`;
  return {
    say: step.isFirst ? start : '',
    calls: [bash(command, `Count from ${step.from} to ${step.to}`)],
  };
}
