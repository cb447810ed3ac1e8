import { readConversation, type Turn, turnedDown } from './conversation.ts';
import { closePlanFirst } from './plan.ts';
import { finish, type PastStep, type Reply, type Scene, type Story } from './scene.ts';
import { brokenModel } from './scenes/broken-model.ts';
import { scenesFor, unknown } from './scenes.ts';
import { sideJob } from './side-job.ts';
import type { ChatRequest } from './wire.ts';

/** A reply, or the HTTP status with which the endpoint itself fails. */
export type Answer = Reply | { readonly refuse: number; readonly message: string };

/** A scene that is being played: from which step on, and what the person asked for. */
type Part = Pick<Story, 'request' | 'resumed' | 'before'> & { readonly scene: Scene };

/** What the demo model answers. A pure function of the request, so it works on after any restart. */
export function answer(request: ChatRequest): Answer {
  if (request.tools.length === 0) return sideJob(request.messages);
  const turns = readConversation(request.messages);
  const current = turns.at(-1);
  if (!current) return finish('Nobody has asked for anything yet.');

  const broken = brokenModel(current.request);
  if (broken) return broken;
  const denied = turnedDown(current.steps.at(-1));
  if (denied) return finish(deniedSentence(denied.result ?? ''));

  const tools = new Set(request.tools.map((tool) => tool.function.name));
  return play(partsOf(current, turns.slice(0, -1)), { steps: current.steps, tools });
}

/** Every request is worked on by itself: whatever came before it was done, stopped or given up when it was sent. */
function partsOf(turn: Turn, earlier: readonly Turn[]): readonly Part[] {
  const request = fullRequest(turn, earlier);
  const before = turn.continues ? earlier.flatMap((each) => each.steps) : [];
  return scenesFor(request).map((scene) => ({ scene, request, before, resumed: turn.continues }));
}

/** The request with what it leaves to the messages before it: what to go on with, or what it is the answer to. */
function fullRequest(turn: Turn, earlier: readonly Turn[]): string {
  if (turn.continues && isUnknown(turn.request)) {
    return earlier.findLast((each) => !isUnknown(each.request))?.request ?? turn.request;
  }
  const before = earlier.at(-1);
  const asked = before?.steps.at(-1)?.said.trim().endsWith('?') ?? false;
  return before && asked && isUnknown(turn.request) ? `${before.request}\n${turn.request}` : turn.request;
}

function isUnknown(request: string): boolean {
  return scenesFor(request).includes(unknown);
}

/**
 * Plays the scenes one after the other over the same steps. Scenes are pure, so playing a finished one again over the
 * steps that it saw finds the step at which the next one took over.
 */
function play(
  parts: readonly Part[],
  past: { steps: readonly PastStep[]; tools: ReadonlySet<string> },
): Reply {
  const words: string[] = [];
  let from = 0;
  for (const { scene, ...part } of parts) {
    for (let until = from; until <= past.steps.length; until += 1) {
      const story = { ...part, steps: past.steps.slice(from, until), tools: past.tools };
      const reply = closePlanFirst(story, scene.next(story));
      const isNow = until === past.steps.length;
      if (isNow) words.push(reply.say);
      if (isNow && reply.calls.length > 0) return { say: words.join('\n\n'), calls: reply.calls };
      if (reply.calls.length > 0) continue;
      from = until;
      break;
    }
  }
  return finish(words.join('\n\n') || 'That is done already.');
}

function deniedSentence(result: string): string {
  const feedback = result.match(/with the following feedback: ([\s\S]+)/)?.[1]?.trim();
  return feedback
    ? `I was not allowed to do the next step (${feedback}), so I stop here.`
    : 'I was not allowed to do the next step, so I stop here.';
}
