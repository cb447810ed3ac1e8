import type {
  Agent,
  AgentEvent,
  AgentOptions,
  AgentOutcome,
  AgentRuntime,
  AgentSession,
  Prompt,
} from '../agent/agent.ts';
import { SandboxError } from '../errors.ts';
import type { Sandbox } from '../provider.ts';

/** A moment at which a scene waits until the test lets it go on, or the run is aborted. */
export type Hold = { readonly reached: Promise<void>; release(): void };
type HoldPoint = Hold & { wait(signal: AbortSignal): Promise<void> };

export function createHold(): Hold {
  let markReached = () => {};
  let release = () => {};
  const reached = new Promise<void>((resolve) => {
    markReached = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold: HoldPoint = {
    reached,
    release,
    async wait(signal) {
      markReached();
      await Promise.race([released, aborted(signal)]);
    },
  };
  return hold;
}

export type SceneStep =
  | { readonly do: 'emit'; readonly event: AgentEvent }
  /** Path within the workspace. */
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  /** Runs a program in the workspace. */
  | { readonly do: 'exec'; readonly argv: readonly string[] }
  | { readonly do: 'hold'; readonly hold: Hold }
  /** Asks, and goes on when it was answered or taken back. */
  | { readonly do: 'ask'; readonly event: Extract<AgentEvent, { type: 'question' }> }
  | { readonly do: 'throw'; readonly error: Error }
  | { readonly do: 'end'; readonly outcome: AgentOutcome };

/** What a scene is told when it is to be played. */
export type SceneCue = {
  readonly prompt: Prompt;
  readonly sessionId: string;
  /** How many prompts this conversation had before. */
  readonly turn: number;
  readonly sandbox: Sandbox;
};

export type ScriptedAgent = AgentRuntime & {
  readonly prompts: readonly SceneCue[];
  readonly answers: readonly {
    readonly questionId: string;
    readonly answers: readonly (readonly string[])[] | null;
  }[];
  readonly steered: readonly string[];
};

/**
 * An agent that plays written scenes, for tests of whoever drives one. Without an `end` a scene ends as finished. Its
 * conversations live in the runtime object, so they outlive a `close`, as real ones do in the sandbox's files.
 */
export function createScriptedAgent(scene: (cue: SceneCue) => readonly SceneStep[]): ScriptedAgent {
  const stage: Stage = {
    scene,
    turns: new Map(),
    questions: new Map(),
    prompts: [],
    answers: [],
    steered: [],
  };
  return {
    prompts: stage.prompts,
    answers: stage.answers,
    steered: stage.steered,
    start: async (options) => createAgent(stage, options),
  };
}

type Stage = {
  readonly scene: (cue: SceneCue) => readonly SceneStep[];
  /** How many prompts each conversation had; by sandbox and session. */
  readonly turns: Map<string, number>;
  readonly questions: Map<string, () => void>;
  readonly prompts: SceneCue[];
  readonly answers: { questionId: string; answers: readonly (readonly string[])[] | null }[];
  readonly steered: string[];
};

function createAgent(stage: Stage, { sandbox }: AgentOptions): Agent {
  const keyOf = (id: string) => `${sandbox.id}/${id}`;
  return {
    async open() {
      const id = `scripted-${stage.turns.size + 1}`;
      stage.turns.set(keyOf(id), 0);
      return createSession(stage, sandbox, id);
    },
    resume: async (id) => (stage.turns.has(keyOf(id)) ? createSession(stage, sandbox, id) : null),
    close: async () => {},
  };
}

function createSession(stage: Stage, sandbox: Sandbox, id: string): AgentSession {
  const settle = (questionId: string, answers: readonly (readonly string[])[] | null) => {
    const close = stage.questions.get(questionId);
    if (!close)
      throw new SandboxError('agent.failed', `question ${questionId} is not open`, { retryable: false });
    stage.answers.push({ questionId, answers });
    close();
  };
  return {
    id,
    async run(prompt, handlers) {
      const key = `${sandbox.id}/${id}`;
      const turn = stage.turns.get(key) ?? 0;
      stage.turns.set(key, turn + 1);
      const cue: SceneCue = { prompt, sessionId: id, turn, sandbox };
      stage.prompts.push(cue);
      return play(stage, cue, handlers);
    },
    answer: async (questionId, answers) => settle(questionId, answers),
    dismiss: async (questionId) => settle(questionId, null),
    steer: async (text) => {
      stage.steered.push(text);
    },
  };
}

type Handlers = Parameters<AgentSession['run']>[1];

async function play(stage: Stage, cue: SceneCue, handlers: Handlers): Promise<AgentOutcome> {
  let lastWords = '';
  for (const step of stage.scene(cue)) {
    if (handlers.signal.aborted) break;
    if (step.do === 'end') return step.outcome;
    if (step.do === 'emit' && step.event.type === 'text') lastWords = step.event.text;
    await perform(stage, step, cue, handlers);
  }
  return handlers.signal.aborted ? { type: 'aborted' } : { type: 'finished', text: lastWords };
}

async function perform(
  stage: Stage,
  step: SceneStep,
  { sandbox }: SceneCue,
  handlers: Handlers,
): Promise<void> {
  const { onEvent, signal } = handlers;
  switch (step.do) {
    case 'emit':
      return onEvent(step.event);
    case 'write':
      return sandbox.writeFile(`${sandbox.paths.workspace}/${step.path}`, step.text);
    case 'exec':
      await sandbox.exec(step.argv);
      return;
    case 'hold':
      return isHoldPoint(step.hold) ? step.hold.wait(signal) : undefined;
    case 'ask': {
      const closed = new Promise<void>((resolve) => stage.questions.set(step.event.id, resolve));
      await onEvent(step.event);
      await Promise.race([closed, aborted(signal)]);
      stage.questions.delete(step.event.id);
      return onEvent({ type: 'question_closed', id: step.event.id });
    }
    case 'throw':
      throw step.error;
    case 'end':
      return;
  }
}

function isHoldPoint(hold: Hold): hold is HoldPoint {
  return 'wait' in hold;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
