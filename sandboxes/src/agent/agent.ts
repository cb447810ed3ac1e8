import type { Sandbox } from '../provider.ts';

/** Which model the agent uses and where it reaches it. `apiKey` is a token of our gateway, never a vendor's key. */
export type AgentModel = {
  /** The vendor's wire format that the gateway serves under `baseUrl`. */
  readonly api: 'openai-compatible' | 'openai' | 'anthropic';
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey: string;
  /** US dollars per million tokens. */
  readonly cost: { readonly input: number; readonly output: number; readonly cacheRead: number };
  /** In tokens. */
  readonly limit: { readonly context: number; readonly output: number };
};

export type AgentOptions = {
  readonly sandbox: Sandbox;
  readonly model: AgentModel;
  /** Text that is put behind the agent's own system prompt. */
  readonly instructions: string;
};

export type Todo = {
  readonly text: string;
  readonly status: 'pending' | 'in_progress' | 'completed' | 'cancelled';
};

export type AgentQuestion = {
  readonly text: string;
  readonly header: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
  readonly multiple: boolean;
};

export type AgentFile = { readonly name: string; readonly mime: string; readonly bytes: Uint8Array };

/**
 * What an agent did, free of any vendor's wire format. Each item of a kind that is recorded comes exactly once for a
 * run, also when the connection to the agent was lost in between; `live` items are progress and may be missed.
 */
export type AgentEvent =
  | { readonly type: 'text'; readonly id: string; readonly text: string }
  | { readonly type: 'reasoning'; readonly id: string; readonly text: string }
  | {
      readonly type: 'tool_started';
      readonly id: string;
      readonly tool: string;
      readonly title: string;
      readonly input: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'tool_finished';
      readonly id: string;
      readonly tool: string;
      readonly title: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly ok: boolean;
      readonly output: string;
      /** Of a command. */
      readonly exitCode?: number;
      /** A unified diff of what the tool changed. */
      readonly diff?: string;
      readonly files: readonly AgentFile[];
      readonly durationMs: number;
    }
  | { readonly type: 'todos'; readonly todos: readonly Todo[] }
  | {
      readonly type: 'step';
      readonly id: string;
      readonly costUsd: number;
      readonly tokens: {
        readonly input: number;
        readonly output: number;
        readonly reasoning: number;
        readonly cacheRead: number;
        readonly cacheWrite: number;
      };
    }
  | { readonly type: 'question'; readonly id: string; readonly questions: readonly AgentQuestion[] }
  | { readonly type: 'question_closed'; readonly id: string }
  /** The model's host did not answer and the agent waits to try again. */
  | {
      readonly type: 'retrying';
      readonly attempt: number;
      readonly message: string;
      readonly retryAt: number;
    }
  | { readonly type: 'live'; readonly live: AgentLive };

export type AgentLive =
  | { readonly kind: 'text'; readonly id: string; readonly delta: string }
  /** New output of a running command; `reset` says that what was shown before is to be replaced. */
  | { readonly kind: 'output'; readonly id: string; readonly chunk: string; readonly reset: boolean };

export type AgentOutcome =
  /** `text` is the agent's last words. */
  | { readonly type: 'finished'; readonly text: string }
  | { readonly type: 'aborted' }
  /** The agent's process died or lost its place; prompting again goes on from what it had. */
  | { readonly type: 'interrupted'; readonly reason: string };

export type PromptFile = { readonly name: string; readonly mime: string; readonly bytes: Uint8Array };
export type Prompt = { readonly text: string; readonly files?: readonly PromptFile[] };

/** One conversation with an agent in one sandbox. */
export interface AgentSession {
  readonly id: string;
  /**
   * Sends a prompt and reports until the agent is done. Aborting the signal makes the agent stop (and kills what it runs);
   * the promise then resolves with `aborted`, at most 15 s later. Failures throw a SandboxError: `agent.model_refused`
   * (a wrong key or model: trying again is useless), `agent.model_unreachable`, `agent.unreachable`, `agent.failed`.
   */
  run(
    prompt: Prompt,
    handlers: { onEvent: (event: AgentEvent) => void | Promise<void>; signal: AbortSignal },
  ): Promise<AgentOutcome>;
  answer(questionId: string, answers: readonly (readonly string[])[]): Promise<void>;
  /** Takes the question back; the agent is told that nobody answered and goes on. */
  dismiss(questionId: string, reason: string): Promise<void>;
  /** Adds a message while the agent works; it sees it at its next step. */
  steer(text: string): Promise<void>;
}

/** An agent program running in a sandbox. */
export interface Agent {
  /** A new conversation. */
  open(options: { title: string }): Promise<AgentSession>;
  /** The conversation with this id; null when this sandbox does not know it. */
  resume(id: string): Promise<AgentSession | null>;
  close(): Promise<void>;
}

export interface AgentRuntime {
  /** Starts the agent in the sandbox, or finds the one that runs there. Throws `agent.start_failed`. */
  start(options: AgentOptions, signal?: AbortSignal): Promise<Agent>;
}
