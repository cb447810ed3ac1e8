import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import type { SandboxPaths } from '../provider.ts';

/** The folders of one local sandbox. */
export type LocalPaths = SandboxPaths & { readonly base: string; readonly tmp: string };

export function localPaths(root: string, id: string): LocalPaths {
  const base = join(root, id);
  return {
    base,
    workspace: join(base, 'workspace'),
    home: join(base, 'home'),
    runtime: join(base, 'runtime'),
    tmp: join(base, 'tmp'),
  };
}

export async function makeFolders(paths: LocalPaths): Promise<void> {
  const xdg = Object.values(xdgFolders(paths.home));
  for (const folder of [paths.workspace, paths.home, paths.runtime, paths.tmp, ...xdg]) {
    await mkdir(folder, { recursive: true });
  }
  await chmod(paths.base, 0o700);
}

const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const homebrewFolders = ['/opt/homebrew/bin', '/opt/homebrew/sbin'];

/** Where programs are looked for: ripgrep (the agent's search tools need it), the Node that runs us, the system's. */
export function defaultPath(): string {
  const extra = process.platform === 'darwin' ? homebrewFolders : [];
  return [dirname(rgPath), dirname(process.execPath), ...extra, ...systemFolders].join(':');
}

/** All that a process in the sandbox sees of an environment; our own process's variables are no part of it. */
export function sandboxEnvironment(paths: LocalPaths, path: string): Record<string, string> {
  return {
    PATH: path,
    HOME: paths.home,
    TMPDIR: paths.tmp,
    ...xdgFolders(paths.home),
    LANG: 'C.UTF-8',
    USER: 'agent',
    LOGNAME: 'agent',
    SHELL: '/bin/bash',
    CI: '1',
    GIT_TERMINAL_PROMPT: '0',
    // The system's git configuration may name a helper that hands out this machine's credentials.
    GIT_CONFIG_NOSYSTEM: '1',
    // ssh finds its keys through the password file, whatever HOME says.
    GIT_SSH_COMMAND: 'ssh -F none -o BatchMode=yes -o IdentityFile=none -o IdentityAgent=none',
  };
}

function xdgFolders(home: string) {
  return {
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
  };
}

/** The type that `spawn` asks for: the types of some web frameworks declare NODE_ENV as always there, in every package. */
export function asProcessEnv(environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const copy: Record<string, string> = { ...environment };
  return copy as NodeJS.ProcessEnv;
}
