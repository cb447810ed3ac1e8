import { createHash } from 'node:crypto';
import { SandboxError } from '../errors.ts';
import type { Agent, AgentOptions, AgentRuntime, AgentSession, Prompt } from './agent.ts';
import { findOpenCodeBinary } from './opencode-binary.ts';
import { type Run, startRun } from './opencode-run.ts';
import { type OpenCodeServer, startOpenCodeServer } from './opencode-server.ts';
import { splitFiles } from './prompt-files.ts';

export type OpenCodeOptions = {
  /** The program inside the sandbox. Default: the one that npm installed on this machine. */
  readonly binary?: string;
  readonly log?: (fields: Readonly<Record<string, unknown>>, message: string) => void;
};

type Running = OpenCodeServer & { readonly fingerprint: string };

/** OpenCode as the agent: one server in each sandbox, whose conversations outlive it in the sandbox's home. */
export function createOpenCode(options: OpenCodeOptions = {}): AgentRuntime {
  const running = new Map<string, Running>();
  return {
    async start(agent, signal) {
      const { id } = agent.sandbox;
      const fingerprint = fingerprintOf(agent);
      const present = running.get(id);
      if (present?.fingerprint === fingerprint && (await answers(present)))
        return createAgent(agent, present);
      // Commands that a dead or outdated server left running go with it.
      await present?.service.kill();
      const startedAt = performance.now();
      const binary = options.binary ?? findOpenCodeBinary();
      const server = { ...(await startOpenCodeServer({ ...agent, binary }, signal)), fingerprint };
      running.set(id, server);
      void forgetAtEnd(running, id, server);
      options.log?.({ sandboxId: id, bootMs: Math.round(performance.now() - startedAt) }, 'agent started');
      return createAgent(agent, server);
    },
  };
}

/** Commands outlive the server that started them, in sessions of their own. */
async function forgetAtEnd(running: Map<string, Running>, id: string, server: Running): Promise<void> {
  await server.service.exited;
  // What cannot be killed now meets the next start, which then says so.
  await server.service.kill().catch(() => undefined);
  if (running.get(id) === server) running.delete(id);
}

/** Several tries: a server that has much to do may miss one, and its work must not be thrown away for that. */
async function answers({ client }: Running): Promise<boolean> {
  for (let tries = 0; tries < 5; tries += 1) if (await client.isHealthy()) return true;
  return false;
}

/** A server has its model and instructions from its start on: other ones need another server. */
function fingerprintOf({ model, instructions }: AgentOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([model, instructions]))
    .digest('hex');
}

function createAgent(options: AgentOptions, server: OpenCodeServer): Agent {
  return {
    open: async ({ title }) => createSession(await server.client.createSession(title), options, server),
    async resume(id) {
      return (await server.client.hasSession(id)) ? createSession(id, options, server) : null;
    },
    close: () => server.service.kill(),
  };
}

function createSession(id: string, options: AgentOptions, { client, service }: OpenCodeServer): AgentSession {
  const { sandbox, model } = options;
  const context = { client, service, sessionId: id, modelId: model.id, workspace: sandbox.paths.workspace };
  let run: Run | null = null;

  const answer = async (questionId: string, answers: readonly (readonly string[])[]) => {
    if (!(await client.answer(questionId, answers))) throw failed(`question ${questionId} is not open`);
  };
  return {
    id,
    async run(prompt, { onEvent, signal }) {
      if (run) throw failed(`session ${id} is at work already`);
      if (signal.aborted) return { type: 'aborted' };
      const { text, files } = await preparePrompt(prompt, options);
      run = startRun(context, { text, files, onEvent, signal });
      try {
        return await run.outcome;
      } finally {
        run = null;
      }
    },
    answer,
    async dismiss(questionId, reason) {
      const question = (await client.questions()).find((candidate) => candidate.id === questionId);
      if (!question) throw failed(`question ${questionId} is not open`);
      // OpenCode's own way of rejecting a question ends the run without a word.
      const words = `No answer: ${reason}. Nobody will answer; go on with your best judgement and say what you assumed.`;
      await answer(
        questionId,
        question.questions.map(() => [words]),
      );
    },
    async steer(text) {
      if (!run) throw failed(`session ${id} is not at work`);
      await run.steer(text);
    },
  };
}

async function preparePrompt(prompt: Prompt, { sandbox }: AgentOptions) {
  const { shown, note } = await splitFiles(sandbox, prompt.files ?? []);
  return { text: note ? `${prompt.text}\n\n${note}` : prompt.text, files: shown };
}

function failed(message: string): SandboxError {
  return new SandboxError('agent.failed', message, { retryable: false });
}
