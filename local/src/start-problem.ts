import { storeProblemOf } from 'orchestrator/compose';
import { UpstreamError } from 'orchestrator/domain';
import { ConfigError } from 'orchestrator/platform/env';
import { SandboxError } from 'sandboxes';
import type { Config } from './config.ts';

/** What a person can mend of a start that failed, in a few sentences; the rest is a bug and shows its stack. */
export function startProblem(error: unknown, config: Config | null): string {
  return (config && mendable(error, config)) ?? wordsOf(error);
}

function wordsOf(error: unknown): string {
  // Both are written for who started us.
  if (error instanceof ConfigError || error instanceof UpstreamError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function mendable(error: unknown, config: Config): string | null {
  if (!(error instanceof Error)) return null;
  const folder = `The folder is ${config.dataDir}; DECKHAND_DATA names another.`;
  if (error instanceof SandboxError)
    return `Deckhand runs in this folder already, or cannot use it: ${error.message}.\n(${folder})`;
  const store = storeProblemOf(error);
  if (store === 'damaged')
    return `A database of Deckhand is damaged: ${error.message}. Put back a copy of it, or move the folder away to begin anew.\n(${folder})`;
  if (store === 'unusable')
    return `A database of Deckhand cannot be opened or written: ${error.message}. Look whether its disk is full or its files belong to somebody else.\n(${folder})`;
  return portProblem(error, config) ?? diskProblem(error, folder);
}

const PORTS = { console: 'CONSOLE_PORT', workspace: 'WORKSPACE_PORT', gitHost: 'GIT_HOST_PORT' } as const;

function portProblem(error: Error, { ports }: Config): string | null {
  if (!('port' in error) || !('code' in error)) return null;
  const names = Object.entries(PORTS).flatMap(([part, name]) =>
    ports[part as keyof typeof PORTS] === error.port ? [name] : [],
  );
  const variables = (names.length > 0 ? names : Object.values(PORTS)).join(' or ');
  if (error.code === 'EADDRINUSE')
    return `Port ${error.port} is taken${names.length > 1 ? '' : ' by another program'}. Set ${variables} to a free one (0 takes any)${names.length > 1 ? '' : ', or stop that program'}.`;
  if (error.code === 'EACCES')
    return `Port ${error.port} may not be used by this user. Set ${variables} to one above 1023.`;
  return null;
}

const DISK_CODES: ReadonlySet<unknown> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'EISDIR',
]);

function diskProblem(error: Error, folder: string): string | null {
  if (!('code' in error) || !DISK_CODES.has(error.code)) return null;
  return `Deckhand cannot write what it keeps: ${error.message}.\n(${folder})`;
}
