import type { AgentEvent, AgentFile } from 'sandboxes';
import { AGENT, type ArtifactId, type RunId, type SessionId, type Trace } from '../domain/index.ts';
import type { ArtifactStore, Feed } from '../ports.ts';
import type { Engine } from './engine.ts';

export interface Recorder {
  /** Writes one thing that the agent did. Questions are not for the recorder. */
  record(event: AgentEvent): Promise<void>;
  /** A file that a person should see: kept as an artifact and shown in the thread. */
  keep(file: AgentFile, kind: 'screenshot' | 'file'): Promise<void>;
}

type Deps = {
  readonly engine: Engine;
  readonly artifacts: ArtifactStore;
  readonly feed: Feed;
  readonly newArtifactId: () => ArtifactId;
  /** Values that must not reach the log, whatever printed them. */
  readonly secrets: readonly string[];
};

/** Characters of output in the log; a longer one is an artifact, and its end is in the log. */
const OUTPUT_LIMIT = 6000;
const TEXT_LIMIT = 16_000;
const INPUT_LIMIT = 8000;

type Finished = Extract<AgentEvent, { type: 'tool_finished' }>;

/** AgentEvent to entries: the one place that shields the log from the agent's own shapes. */
export function createRecorder(
  deps: Deps,
  run: { readonly sessionId: SessionId; readonly runId: RunId },
): Recorder {
  const { engine, artifacts, feed } = deps;
  const { sessionId, runId } = run;
  const clean = (text: string) => redact(text, deps.secrets);
  const trace = (...events: Trace[]) => engine.trace(sessionId, AGENT, events);

  async function keep(file: AgentFile, kind: 'screenshot' | 'file'): Promise<void> {
    const artifactId = deps.newArtifactId();
    const meta = await artifacts.put(
      { artifactId, sessionId, name: cut(file.name, 255), mime: file.mime },
      file.bytes,
    );
    const artifact = { artifactId, runId, kind, name: meta.name, mime: meta.mime, size: meta.size };
    await engine.execute(sessionId, AGENT, { type: 'add_artifact', artifact });
  }

  async function toolFinished(event: Finished): Promise<void> {
    const output = clean(event.output);
    const full = output.length > OUTPUT_LIMIT ? await keepOutput(event, output) : undefined;
    await trace({
      type: 'agent.tool_finished',
      runId,
      callId: event.id,
      tool: event.tool,
      title: cut(clean(event.title), 500),
      ok: event.ok,
      output: full ? `…${tail(output, OUTPUT_LIMIT)}` : output,
      ...(full && { full }),
      ...(event.exitCode !== undefined && { exitCode: event.exitCode }),
      ...(event.diff && { diff: cut(clean(event.diff), TEXT_LIMIT) }),
      durationMs: Math.max(0, event.durationMs),
    });
    for (const file of event.files) await keep(file, file.mime.startsWith('image/') ? 'screenshot' : 'file');
  }

  async function keepOutput(event: Finished, output: string): Promise<ArtifactId> {
    const artifactId = deps.newArtifactId();
    const name = `${event.tool}-output.txt`;
    await artifacts.put(
      { artifactId, sessionId, name, mime: 'text/plain' },
      new TextEncoder().encode(output),
    );
    return artifactId;
  }

  async function spoke(type: 'agent.said' | 'agent.thought', text: string): Promise<void> {
    if (text.trim()) await trace({ type, runId, text: cut(clean(text), TEXT_LIMIT) });
  }

  async function record(event: AgentEvent): Promise<void> {
    switch (event.type) {
      case 'text':
        return spoke('agent.said', event.text);
      case 'reasoning':
        return spoke('agent.thought', event.text);
      case 'tool_started':
        return trace({
          type: 'agent.tool_started',
          runId,
          callId: event.id,
          tool: event.tool,
          title: cut(clean(event.title), 500),
          input: cut(clean(JSON.stringify(event.input)), INPUT_LIMIT),
        });
      case 'tool_finished':
        return toolFinished(event);
      case 'todos':
        return trace({
          type: 'agent.planned',
          runId,
          todos: event.todos
            .slice(0, 100)
            .map((todo) => ({ text: cut(clean(todo.text), 500), status: todo.status })),
        });
      case 'step':
        return trace({
          type: 'agent.stepped',
          runId,
          costUsd: event.costUsd,
          inputTokens: event.tokens.input + event.tokens.cacheRead + event.tokens.cacheWrite,
          outputTokens: event.tokens.output + event.tokens.reasoning,
        });
      case 'retrying':
        return trace({
          type: 'agent.waited',
          runId,
          attempt: event.attempt,
          reason: cut(clean(event.message), 1000),
          until: new Date(event.retryAt).toISOString(),
        });
      case 'live':
        return publishLive(event);
      case 'question':
      case 'question_closed':
        return undefined;
    }
  }

  function publishLive({ live }: Extract<AgentEvent, { type: 'live' }>): undefined {
    const shown =
      live.kind === 'text'
        ? { kind: 'text' as const, runId, id: live.id, delta: clean(live.delta) }
        : { kind: 'output' as const, runId, callId: live.id, chunk: clean(live.chunk), reset: live.reset };
    feed.publish({ kind: 'live', sessionId, live: shown });
  }

  return { record, keep };
}

/** Cuts known secrets out of a text. Short ones are left: cutting them would garble ordinary words. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 8) clean = clean.replaceAll(secret, '[secret]');
  return clean;
}

/** At most `max` UTF-16 units, never half a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${wellFormed(text.slice(0, max - 1))}…`;
}

function tail(text: string, max: number): string {
  return wellFormed(text.slice(-max));
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
}
