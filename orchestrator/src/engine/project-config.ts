import type { Sandbox } from 'sandboxes';
import { parse } from 'yaml';
import { z } from 'zod';

const configSchema = z.object({
  /** Commands that must pass for a change to be good; run by us after the agent is done. */
  checks: z.array(z.string().min(1).max(500)).max(10).default([]),
});
export type ProjectConfig = z.infer<typeof configSchema>;

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()).optional() });

/**
 * What a repository says about itself in `.deckhand/config.yml`. It is read from the base commit, so that the agent
 * cannot make its own checks easier. Without that file, a `test` script in package.json is taken as the one check.
 */
export async function readProjectConfig(
  sandbox: Sandbox,
  baseSha: string,
): Promise<{ readonly config: ProjectConfig; readonly problem: string | null }> {
  const text = await fileAt(sandbox, baseSha, '.deckhand/config.yml');
  if (text === null) return { config: { checks: await guessChecks(sandbox, baseSha) }, problem: null };
  try {
    return { config: configSchema.parse(parse(text) ?? {}), problem: null };
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return { config: { checks: [] }, problem: `.deckhand/config.yml cannot be read: ${problem}` };
  }
}

async function guessChecks(sandbox: Sandbox, baseSha: string): Promise<string[]> {
  const text = await fileAt(sandbox, baseSha, 'package.json');
  if (text === null) return [];
  try {
    return packageSchema.parse(JSON.parse(text)).scripts?.['test'] ? ['npm test'] : [];
  } catch {
    return []; // Not a package.json that npm could read either: nothing to run.
  }
}

async function fileAt(sandbox: Sandbox, commit: string, path: string): Promise<string | null> {
  const shown = await sandbox.exec(['git', 'show', `${commit}:${path}`], { timeoutMs: 10_000 });
  return shown.exitCode === 0 ? shown.stdout : null;
}
