import { spawn } from 'node:child_process';
import { UpstreamError } from '../domain/index.ts';

export type GitResult = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

type Options = {
  readonly cwd?: string;
  /** The value of an Authorization header. It goes through the environment, so no process list shows it. */
  readonly authorization?: string;
  readonly signal?: AbortSignal | undefined;
};

/** Characters of each stream that are kept. */
const KEPT = 1_000_000;

/**
 * Runs the host's git without a shell, without prompts and without anybody's configuration. Resolves with its result,
 * also when it failed; rejects when it could not be started or the signal aborted.
 */
export function git(args: readonly string[], options: Options = {}): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      ...(options.cwd && { cwd: options.cwd }),
      ...(options.signal && { signal: options.signal }),
      env: environment(options.authorization),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout = (stdout + chunk).slice(-KEPT);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(-KEPT);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, stdout, stderr }));
  });
}

/** Runs git and gives its output; a failure is told apart by what kind of step it was. */
export async function gitOrFail(
  step: 'local' | 'remote',
  args: readonly string[],
  options: Options = {},
): Promise<string> {
  const result = await git(args, options);
  if (result.exitCode === 0) return result.stdout;
  const message = `git ${args[0] === '-C' ? args[2] : args[0]}: ${result.stderr.trim().slice(-500)}`;
  if (step === 'local') throw new Error(message);
  throw new UpstreamError(remoteFailure(result.stderr), message);
}

/** git has no codes for what a remote refused; its own (untranslated, LC_ALL=C) messages are all there is. */
function remoteFailure(
  stderr: string,
): 'code_host.unauthorized' | 'code_host.not_found' | 'code_host.refused' | 'code_host.unreachable' {
  if (/Authentication failed|returned error: 40[13]|could not read Username/.test(stderr))
    return 'code_host.unauthorized';
  if (/not found|returned error: 404|couldn't find remote ref/.test(stderr)) return 'code_host.not_found';
  if (/\[rejected\]|\[remote rejected\]|non-fast-forward/.test(stderr)) return 'code_host.refused';
  return 'code_host.unreachable';
}

function environment(authorization: string | undefined): NodeJS.ProcessEnv {
  const variables: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  if (authorization) {
    variables['GIT_CONFIG_COUNT'] = '1';
    variables['GIT_CONFIG_KEY_0'] = 'http.extraHeader';
    variables['GIT_CONFIG_VALUE_0'] = `Authorization: ${authorization}`;
  }
  // The types of some web frameworks declare NODE_ENV as always there, in every package; git has no use for it.
  return variables as NodeJS.ProcessEnv;
}
