import type { Entry, Trace } from 'orchestrator/domain';
import { type Building, place } from './building.ts';
import { addStep } from './step-items.ts';

/** Adds what the agent did. */
export function addTrace(building: Building, entry: Entry, event: Trace): void {
  const { items } = building;
  switch (event.type) {
    case 'agent.said':
    case 'agent.thought': {
      const kind = event.type === 'agent.said' ? 'said' : 'thought';
      items.push({ ...place(entry), kind, text: event.text, live: false });
      return;
    }
    case 'agent.tool_started':
    case 'agent.tool_finished':
      addTool(building, entry, event);
      return;
    case 'agent.planned':
      items.push({ ...place(entry), kind: 'plan', todos: event.todos });
      return;
    case 'agent.stepped': {
      const run = building.runs.get(event.runId);
      if (run) run.costUsd += event.costUsd;
      return;
    }
    case 'agent.waited': {
      const { attempt, reason, until } = event;
      items.push({ ...place(entry), kind: 'waited', attempt, reason, until });
      return;
    }
    case 'run.progressed':
      addStep(building, entry, event.step);
      return;
  }
}

type ToolTrace = Extract<Trace, { type: `agent.tool_${string}` }>;

/** Calls that the log also tells in a better way: as a plan, as a question. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['todowrite', 'todoread', 'question']);

function addTool(building: Building, entry: Entry, event: ToolTrace): void {
  if (TOLD_OTHERWISE.has(event.tool)) return;
  // Agents count their calls anew in each run.
  const id = `${event.runId}/${event.callId}`;
  let tool = building.tools.get(id);
  if (!tool) {
    const { callId, tool: name, title } = event;
    tool = {
      ...place(entry),
      kind: 'tool',
      callId,
      tool: name,
      title,
      input: '',
      result: null,
      cutOff: false,
    };
    building.tools.set(id, tool);
    building.items.push(tool);
  }
  if (event.type === 'agent.tool_started') {
    tool.input = event.input;
    return;
  }
  const { ok, output, full, exitCode, diff, durationMs } = event;
  if (event.title !== '') tool.title = event.title;
  tool.result = {
    ok,
    output,
    durationMs,
    ...(full && { full }),
    ...(exitCode !== undefined && { exitCode }),
    ...(diff !== undefined && { diff }),
  };
}
