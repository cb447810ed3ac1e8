import { relative } from 'node:path';

type Input = Readonly<Record<string, unknown>>;

/** What a tool call is about, in a few words; OpenCode itself has no title for a call that still runs. */
export function toolTitle(call: { tool: string; title: string; input: Input }, workspace: string): string {
  return call.title || titleFromInput(call.input, workspace) || call.tool;
}

function titleFromInput(input: Input, workspace: string): string {
  const path = textOf(input, 'filePath') || textOf(input, 'path');
  if (path) return path.startsWith(`${workspace}/`) ? relative(workspace, path) : path;
  for (const name of ['command', 'description', 'pattern', 'url', 'query']) {
    const text = textOf(input, name);
    if (text) return text;
  }
  return '';
}

function textOf(input: Input, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}
