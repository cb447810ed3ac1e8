import type { FinishedCall, Reply, Scene, Story, ToolCall } from '../scene.ts';

/** A story for a scene: a request, and nothing done yet. */
export function story(request: string, given: Partial<Story> = {}): Story {
  return { request, steps: [], before: [], resumed: false, tools: new Set(['bash']), ...given };
}

/** What a tool call returns. */
export type World = (call: ToolCall) => string;

/** Plays a scene to its last word. Gives all calls that it made. */
export function playScene(
  scene: Scene,
  begin: Story,
  world: World,
): { last: Reply; calls: readonly FinishedCall[] } {
  let now = begin;
  // More steps than any scene needs: a scene that never ends is a mistake.
  for (let step = 0; step < 40; step += 1) {
    const reply = scene.next(now);
    if (reply.calls.length === 0) return { last: reply, calls: now.steps.flatMap((each) => each.calls) };
    const calls = reply.calls.map((call) => ({ ...call, result: world(call) }));
    now = { ...now, steps: [...now.steps, { said: reply.say, calls, sawImage: false }] };
  }
  throw new Error('The scene does not come to an end');
}

/** A file as OpenCode's read tool shows it. */
export function shown(path: string, content: string): string {
  const lines = content.split('\n').map((line, index) => `${index + 1}: ${line}`);
  return `<path>${path}</path>\n<type>file</type>\n<content>\n${lines.join('\n')}\n\n(End of file)\n</content>`;
}
