import type { AgentEvent } from 'sandboxes';
import type { ArtifactId, RunId, Trace } from '../domain/index.ts';
import { cut, cutStart } from './text.ts';

/** Characters of output in the log; a longer one is kept whole as an artifact, and its end is in the log. */
export const OUTPUT_LIMIT = 6000;
const TEXT_LIMIT = 16_000;
const TITLE_LIMIT = 500;

type Spoken = Extract<
  AgentEvent,
  { type: 'text' | 'reasoning' | 'tool_started' | 'todos' | 'step' | 'retrying' }
>;
type ToolFinished = Extract<AgentEvent, { type: 'tool_finished' }>;
type Clean = (text: string) => string;

/** What the log says of something that the agent did; null when it is not worth an entry. `clean` takes secrets out. */
export function traceOf(event: Spoken, runId: RunId, clean: Clean): Trace | null {
  switch (event.type) {
    case 'text':
    case 'reasoning': {
      const type = event.type === 'text' ? 'agent.said' : 'agent.thought';
      return event.text.trim() ? { type, runId, text: cut(clean(event.text), TEXT_LIMIT) } : null;
    }
    case 'tool_started': {
      const input = cut(clean(JSON.stringify(event.input)), 8000);
      return {
        type: 'agent.tool_started',
        runId,
        callId: event.id,
        tool: event.tool,
        title: cut(clean(event.title), TITLE_LIMIT),
        input,
      };
    }
    case 'todos': {
      const todos = event.todos
        .slice(0, 100)
        .map(({ text, status }) => ({ text: cut(clean(text), 500), status }));
      return { type: 'agent.planned', runId, todos };
    }
    case 'step': {
      const { costUsd, tokens } = event;
      const inputTokens = tokens.input + tokens.cacheRead + tokens.cacheWrite;
      return {
        type: 'agent.stepped',
        runId,
        costUsd,
        inputTokens,
        outputTokens: tokens.output + tokens.reasoning,
      };
    }
    case 'retrying': {
      const until = new Date(event.retryAt).toISOString();
      return {
        type: 'agent.waited',
        runId,
        attempt: event.attempt,
        reason: cut(clean(event.message), 1000),
        until,
      };
    }
  }
}

/** `full` names the artifact with the whole output where it is too long for the log. */
export function toolTrace(
  event: ToolFinished,
  run: { readonly runId: RunId; readonly clean: Clean; readonly full: ArtifactId | null },
): Trace {
  const { clean, full } = run;
  return {
    type: 'agent.tool_finished',
    runId: run.runId,
    callId: event.id,
    tool: event.tool,
    title: cut(clean(event.title), TITLE_LIMIT),
    ok: event.ok,
    output: cutStart(clean(event.output), OUTPUT_LIMIT),
    ...(full && { full }),
    ...(event.exitCode !== undefined && { exitCode: event.exitCode }),
    ...(event.diff && { diff: cut(clean(event.diff), TEXT_LIMIT) }),
    durationMs: Math.max(0, event.durationMs),
  };
}
