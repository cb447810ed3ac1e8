import { requestOf, type SessionEvent } from 'orchestrator/domain';
import { relativeToWorkspace } from '../timeline/workspace-paths.ts';

/** An entry in a few words. */
export function wordsFor(event: SessionEvent): string {
  switch (event.type) {
    case 'turn.requested':
      return `Asked: ${requestOf(event.text)}`;
    case 'turn.amended':
      return `Edited: ${requestOf(event.text)}`;
    case 'turn.cancelled':
      return event.reason === 'message_deleted'
        ? 'Request cancelled, its message was deleted'
        : 'Request cancelled';
    case 'run.started':
      return event.attempt === 1 ? 'Run started' : `Run started, try ${event.attempt}`;
    case 'run.progressed':
      return `Step: ${event.step}`;
    case 'run.failed':
      return `Failed: ${event.code}`;
    case 'agent.said':
      return `“${event.text}”`;
    case 'agent.thought':
      return 'Thought';
    case 'agent.tool_started':
      return `${event.tool}: ${relativeToWorkspace(event.title)}`;
    case 'agent.tool_finished':
      return `${event.tool} ${event.ok ? 'finished' : 'failed'}`;
    case 'agent.planned':
      return `Plan: ${event.todos.filter((todo) => todo.status === 'completed').length} of ${event.todos.length}`;
    case 'agent.stepped':
      return 'Model step paid';
    case 'check.finished':
      return `Check ${event.exitCode === 0 ? 'passed' : 'failed'}: ${event.command}`;
    case 'artifact.added':
      return `Kept ${event.name}`;
    default: {
      const words = event.type.replace(/[._]/g, ' ');
      return words.charAt(0).toUpperCase() + words.slice(1);
    }
  }
}
