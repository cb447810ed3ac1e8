import type { SessionEvent } from 'orchestrator/domain';

/** The folder of a checkout, wherever a provider keeps it: all of it ends in the sandbox's id and `workspace`. */
const WORKSPACE = /(?:\/[^\s/"'`<>()[\]{},;:=]+)*\/sbx_[0-9a-zA-Z]+\/workspace(\/?)(?![\w.-])/g;
/** The same before a path inside it. */
const INSIDE = /(?:\/[^\s/"'`<>()[\]{},;:=]+)*\/sbx_[0-9a-zA-Z]+\/workspace\/(?=[^\s"'`<>()[\]{},;:])/g;

/**
 * A text in which paths of the workspace are relative to it: people know their repository and not the folder that a
 * sandbox happened to be in.
 */
export function relativeToWorkspace(text: string): string {
  return text.includes('/sbx_') ? text.replace(INSIDE, '').replace(WORKSPACE, '.$1') : text;
}

/** The event with such texts in what a tool or a check was given and has printed; any other one as it is. */
export function withRelativePaths<Event extends SessionEvent>(event: Event): Event {
  switch (event.type) {
    case 'agent.tool_started':
      return { ...event, title: relativeToWorkspace(event.title), input: relativeToWorkspace(event.input) };
    case 'agent.tool_finished':
      return { ...event, title: relativeToWorkspace(event.title), output: relativeToWorkspace(event.output) };
    case 'check.finished':
      return { ...event, output: relativeToWorkspace(event.output) };
    default:
      return event;
  }
}
