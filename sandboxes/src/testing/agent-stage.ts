import type { AgentEvent, AgentModel, AgentSession } from '../agent/agent.ts';
import type { Sandbox } from '../provider.ts';
import type { ModelRequest, ModelStep } from './scripted-model.ts';

export const never = new AbortController().signal;
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

export function agentModel(baseUrl: string): AgentModel {
  return {
    api: 'openai-compatible',
    id: 'coder',
    name: 'Coder',
    baseUrl,
    apiKey: 'gateway-token',
    cost: { input: 1, output: 2, cacheRead: 0.1 },
    limit: { context: 128_000, output: 8_000 },
  };
}

type Step = ModelStep | ((request: ModelRequest) => ModelStep);

/** One answer after the other; the last one again when there are no more. */
export function steps(...list: Step[]): (request: ModelRequest) => ModelStep {
  return (request) => {
    const step = list[Math.min(request.step, list.length - 1)] ?? {};
    return typeof step === 'function' ? step(request) : step;
  };
}

export const bash = (command: string) => ({ tool: 'bash', input: { command, description: 'Run it' } });
export const todo = (content: string, status: string) => ({ content, status, priority: 'high' });
export const question = (text: string, labels: string[]) => {
  const options = labels.map((label) => ({ label, description: label }));
  return { tool: 'question', input: { questions: [{ question: text, header: 'Choice', options }] } };
};

export async function run(
  session: AgentSession | null,
  text: string,
  signal: AbortSignal = never,
  onEvent: (event: AgentEvent) => void | Promise<void> = () => {},
) {
  const events: AgentEvent[] = [];
  if (!session) throw new Error('there is no such session');
  const record = async (event: AgentEvent) => {
    events.push(event);
    await onEvent(event);
  };
  const outcome = await session.run({ text }, { onEvent: record, signal });
  return { outcome, events };
}

export function recorded(events: readonly AgentEvent[]): string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'text':
      case 'reasoning':
        return [`${event.type} ${event.text}`];
      case 'tool_started':
        return [`started ${event.tool}`];
      case 'tool_finished':
        return [`finished ${event.tool} ${event.ok ? 'ok' : 'failed'}`];
      case 'live':
        return [];
      default:
        return [event.type];
    }
  });
}

/** Two calls of one step run side by side: their lines in the order in which they came this time. */
export function sideBySide(events: readonly AgentEvent[], lines: readonly string[]): readonly string[] {
  const all = recorded(events).filter((line) => !line.startsWith('todos'));
  const from = all.lastIndexOf('finished edit ok') + 2;
  const found = all.slice(from, from + lines.length);
  return [...found].sort().join() === [...lines].sort().join() ? found : lines;
}

export function liveOutput(events: readonly AgentEvent[]): string {
  let shown = '';
  for (const event of events) {
    if (event.type !== 'live' || event.live.kind !== 'output') continue;
    shown = event.live.reset ? event.live.chunk : shown + event.live.chunk;
  }
  return shown;
}

export function liveText(events: readonly AgentEvent[]): string {
  return events
    .map((event) => (event.type === 'live' && event.live.kind === 'text' ? event.live.delta : ''))
    .join('');
}

/** The sandbox over a line that is cut each time some 3,000 bytes of events went through. */
export function withBrokenStreams(sandbox: Sandbox): { sandbox: Sandbox; count: () => number } {
  let cuts = 0;
  const fetch: Sandbox['fetch'] = async (port, path, init) => {
    const response = await sandbox.fetch(port, path, init);
    if (!path.startsWith('/event') || !response.body) return response;
    let left = 3_000;
    const cutter = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.length;
        if (left > 0) return controller.enqueue(chunk);
        cuts += 1;
        controller.error(new Error('cut'));
      },
    });
    return new Response(response.body.pipeThrough(cutter), response);
  };
  return { sandbox: { ...sandbox, fetch }, count: () => cuts };
}
