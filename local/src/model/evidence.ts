import { posix } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { callsOf, type FinishedCall, type Story } from './scene.ts';

/** A file as the read tool showed it. */
export type SeenFile = { readonly path: string; readonly content: string };

/** The files that were read in this story, in the order of reading. */
export function filesSeen(story: Story): readonly SeenFile[] {
  return callsOf(story).flatMap((call) => {
    const file = call.tool === 'read' ? seenFile(call.result ?? '') : null;
    return file ? [file] : [];
  });
}

/** Parses the answer of OpenCode's read tool: the path, then every line behind its number. */
function seenFile(result: string): SeenFile | null {
  const [, path, body] = result.match(/<path>(.+?)<\/path>[\s\S]*?<content>\n([\s\S]*)<\/content>/) ?? [];
  if (path === undefined || body === undefined) return null;
  const lines = body.split('\n').flatMap((line) => {
    const text = line.match(/^\d+: ?(.*)$/)?.[1];
    return text === undefined ? [] : [text];
  });
  return { path, content: lines.join('\n') };
}

/** Whether one of the read calls asked for this file, found or not. */
export function wasRead(story: Story, path: string): boolean {
  return callsOf(story).some((call) => call.tool === 'read' && call.args['filePath'] === path);
}

/** Whether the edit or write tool did what it was asked. */
export function changedFile(call: FinishedCall): boolean {
  return /^(Edit applied|Wrote file) successfully/.test(call.result ?? '');
}

/** The files that this file imports by a relative path, as paths of the same kind as its own. */
export function importsOf(file: SeenFile): readonly string[] {
  const found = file.content.matchAll(/from\s+['"](\.{1,2}\/[^'"]+)['"]/g);
  return [...found].map(([, path = '']) => posix.join(posix.dirname(file.path), path));
}

/** The last two parts of a path: enough for people, whatever folder the clone is in. */
export function shortPath(path: string): string {
  return path.split('/').slice(-2).join('/');
}

/** The last lines of an output, for quoting it. */
export function tail(output: string, lines = 6): string {
  return stripVTControlCharacters(output).trim().split('\n').slice(-lines).join('\n');
}

/**
 * The shortest end of a text that starts with a whole line and occurs in it only once, so that an exact-match edit can
 * append to it; null when there is none.
 */
export function uniqueEnd(content: string): string | null {
  const lines = content.split('\n');
  for (let start = lines.length - 1; start >= 0; start -= 1) {
    const end = lines.slice(start).join('\n');
    if (end.trim() !== '' && content.split(end).length === 2) return end;
  }
  return null;
}
