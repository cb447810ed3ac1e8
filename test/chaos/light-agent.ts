import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentRuntime, SandboxError } from 'sandboxes';
import {
  createHold,
  createScriptedAgent,
  type SceneCue,
  type SceneStep,
} from 'sandboxes/testing/scripted-agent';

/** What a request may ask of the light agent: `scene:slow` in its text. */
export type Scene = 'quick' | 'slow' | 'long' | 'edit' | 'ask' | 'flaky' | 'broken';

/** How long a slow scene works, in milliseconds: long enough to be stopped or killed in, short for a schedule of seconds. */
const SLOW_MS = 900;
/** Steps of a long scene and how long each works, in milliseconds: half a minute in which a card has news again and again. */
const LONG = { steps: 12, stepMs: 2_500 };

/**
 * An agent that costs next to nothing: it plays the scene that the request names. A process in the sandbox stands for
 * its server, so that one which is left behind is seen.
 */
export function createLightAgent(): AgentRuntime {
  const agent = createScriptedAgent(play);
  return {
    async start(options, signal) {
      const running = await options.sandbox.processes();
      if (running.length === 0) await options.sandbox.serve(['sleep', '600']);
      return agent.start(options, signal);
    },
  };
}

function play(cue: SceneCue): readonly SceneStep[] {
  const [, name = 'quick'] = /scene:(\w+)/.exec(cue.prompt.text) ?? [];
  switch (name) {
    case 'slow':
      return [...tool('slow', [pause(SLOW_MS)]), say('Took my time.')];
    case 'long':
      return [
        ...Array.from({ length: LONG.steps }, (_, index) => tool(`step ${index + 1}`, [pause(LONG.stepMs)])),
        [say('Worked for a while.')],
      ].flat();
    case 'ask':
      return [ask(`question ${keyOf(cue)}`), say('Was told.')];
    case 'edit':
      return [
        todos('in_progress'),
        ...tool('edit', [{ do: 'write', path: `notes-${keyOf(cue)}.md`, text: `${cue.prompt.text}\n` }]),
        todos('completed'),
        say('Wrote a note.'),
      ];
    case 'flaky':
      return isFirstTime(cue)
        ? [...tool('call', []), { do: 'throw', error: passing() }]
        : [say('Worked at last.')];
    case 'broken':
      return [...tool('call', []), { do: 'throw', error: lasting() }];
    default:
      return [...tool('look', []), say('Had a look.')];
  }
}

function passing(): SandboxError {
  return new SandboxError('agent.unreachable', 'the light agent was told to be away', { retryable: true });
}

function lasting(): SandboxError {
  return new SandboxError('agent.failed', 'the light agent was told to fail', { retryable: false });
}

function say(text: string): SceneStep {
  return { do: 'emit', event: { type: 'text', id: `text ${text}`, text } };
}

function ask(id: string): SceneStep {
  const options = ['Left', 'Right'].map((label) => ({ label, description: '' }));
  const question = { header: 'Way', text: 'Which way?', options, multiple: false };
  return { do: 'ask', event: { type: 'question', id, questions: [question] } };
}

function todos(status: 'in_progress' | 'completed'): SceneStep {
  return { do: 'emit', event: { type: 'todos', todos: [{ text: 'Write the note', status }] } };
}

function tool(title: string, meanwhile: readonly SceneStep[]): SceneStep[] {
  const call = { id: `call ${title}`, tool: 'bash', title, input: { command: title } };
  return [
    { do: 'emit', event: { type: 'tool_started', ...call } },
    ...meanwhile,
    {
      do: 'emit',
      event: {
        type: 'tool_finished',
        ...call,
        ok: true,
        output: 'done',
        files: [],
        durationMs: 1,
        exitCode: 0,
      },
    },
  ];
}

function pause(ms: number): SceneStep {
  const hold = createHold();
  void hold.reached.then(() => setTimeout(hold.release, ms));
  return { do: 'hold', hold };
}

/** Whether this request was never seen in this sandbox: remembered in a file, so that our own death does not change it. */
function isFirstTime(cue: SceneCue): boolean {
  const mark = join(cue.sandbox.paths.home, `seen-${keyOf(cue)}`);
  if (existsSync(mark)) return false;
  writeFileSync(mark, '');
  return true;
}

function keyOf(cue: SceneCue): string {
  const [request = ''] = /<request[\s\S]*<\/request>/.exec(cue.prompt.text) ?? [];
  return createHash('sha256').update(request).digest('hex').slice(0, 12);
}
