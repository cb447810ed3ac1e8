import type { AgentEvent, AgentFile } from 'sandboxes';
import {
  AGENT,
  type ArtifactId,
  type LiveEvent,
  type RunId,
  type SessionId,
  type Trace,
} from '../domain/index.ts';
import type { ArtifactStore, Feed } from '../ports.ts';
import type { Engine } from './engine.ts';
import { cut, cutStart, redact } from './text.ts';
import { OUTPUT_LIMIT, toolTrace, traceOf } from './translate.ts';

type Deps = {
  readonly engine: Engine;
  readonly artifacts: ArtifactStore;
  readonly feed: Feed;
  readonly newArtifactId: () => ArtifactId;
  /** Values that must not reach the log, whatever printed them. */
  readonly secrets: readonly string[];
};

/** What the artifact store takes, in bytes. */
const ARTIFACT_LIMIT = 20_000_000;

/** Our own tool in the sandbox; see sandboxes/src/agent/tools. */
const SCREENSHOT_TOOL = 'browser_screenshot';

type ToolFinished = Extract<AgentEvent, { type: 'tool_finished' }>;

/** Writes what the agent does into the log of its session. Questions go another way: they wait for people. */
export function createRecorder(
  deps: Deps,
  run: { readonly sessionId: SessionId; readonly runId: RunId },
): (event: AgentEvent) => Promise<void> {
  const { sessionId, runId } = run;
  const clean = (text: string) => redact(text, deps.secrets);
  const write = (trace: Trace) => deps.engine.trace(sessionId, AGENT, [trace]);

  async function keepOutput(event: ToolFinished): Promise<ArtifactId | null> {
    if (event.output.length <= OUTPUT_LIMIT) return null;
    const artifactId = deps.newArtifactId();
    const bytes = new TextEncoder().encode(cutStart(clean(event.output), ARTIFACT_LIMIT / 4));
    await deps.artifacts.put(
      { artifactId, sessionId, name: `${event.tool}-output.txt`, mime: 'text/plain' },
      bytes,
    );
    return artifactId;
  }

  async function keepFile(file: AgentFile): Promise<void> {
    if (file.bytes.byteLength > ARTIFACT_LIMIT) {
      const text = `(${cut(file.name, 255)} is too large to be kept: ${Math.round(file.bytes.byteLength / 1e6)} MB)`;
      return write({ type: 'agent.said', runId, text });
    }
    const artifactId = deps.newArtifactId();
    const { name, mime, size } = await deps.artifacts.put(
      { artifactId, sessionId, name: cut(file.name, 255), mime: file.mime },
      file.bytes,
    );
    const kind = mime.startsWith('image/') ? ('screenshot' as const) : ('file' as const);
    await deps.engine.execute(sessionId, AGENT, {
      type: 'add_artifact',
      artifact: { artifactId, runId, kind, name, mime, size },
    });
  }

  return async (event) => {
    switch (event.type) {
      case 'tool_finished':
        await write(toolTrace(event, { runId, clean, full: await keepOutput(event) }));
        // A picture that the agent only read is in the repository already: evidence is what it made.
        if (event.tool === SCREENSHOT_TOOL) for (const file of event.files) await keepFile(file);
        return;
      case 'live':
        deps.feed.publish({ kind: 'live', sessionId, live: liveOf(event, runId, clean) });
        return;
      case 'question':
      case 'question_closed':
        return;
      default: {
        const trace = traceOf(event, runId, clean);
        if (trace) await write(trace);
      }
    }
  };
}

function liveOf(
  { live }: Extract<AgentEvent, { type: 'live' }>,
  runId: RunId,
  clean: (text: string) => string,
): LiveEvent {
  if (live.kind === 'text') return { kind: 'text', runId, id: live.id, delta: clean(live.delta) };
  return { kind: 'output', runId, callId: live.id, chunk: clean(live.chunk), reset: live.reset };
}
