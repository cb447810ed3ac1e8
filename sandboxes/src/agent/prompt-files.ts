import { join } from 'node:path';
import type { Sandbox } from '../provider.ts';
import type { PromptFile } from './agent.ts';

/** What models take in as it is. Anything else is put beside the checkout, where the agent can read it. */
const shownTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf']);

/** Splits a prompt's files into those that the model is shown and those that it is told of. */
export async function splitFiles(
  sandbox: Sandbox,
  files: readonly PromptFile[],
): Promise<{ shown: readonly PromptFile[]; note: string }> {
  const paths: string[] = [];
  for (const [index, file] of files.entries()) {
    if (shownTypes.has(file.mime)) continue;
    const path = join(
      sandbox.paths.workspace,
      '.artifacts',
      'attachments',
      `${index + 1}-${safeName(file.name)}`,
    );
    await sandbox.writeFile(path, file.bytes);
    paths.push(path);
  }
  const note = paths.length === 0 ? '' : `Attached files:\n${paths.map((path) => `- ${path}`).join('\n')}`;
  return { shown: files.filter((file) => shownTypes.has(file.mime)), note };
}

function safeName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_').slice(-80) || 'file';
}
