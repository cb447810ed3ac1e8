import type { CodeHost } from 'orchestrator/compose';
import { UpstreamError } from 'orchestrator/domain';
import { z } from 'zod';
import { followPullRequests } from './follow.ts';
import { type HostAddress, pullRequestInfo, repositoryInfo } from './wire.ts';

type OpenPullRequest = Parameters<CodeHost['openPullRequest']>[0];

const requestTimeoutMs = 30_000;

type Call = { path: string; method?: string; body?: unknown; signal?: AbortSignal | undefined };

/**
 * The local git host behind the orchestrator's port. Fails with UpstreamError, code `code_host.*`. A pull request that is
 * open already gets the new title and text, and is never turned back into a draft.
 *
 * A follower first hears the state of every pull request, then each change, in order and at least once; a listener that
 * throws hears the same again, a few times.
 */
export function createLocalCodeHost(host: HostAddress): CodeHost {
  const call = async <T>(schema: z.ZodType<T>, request: Call): Promise<T> =>
    parse(schema, await send(host, request));
  const orNull = async <T>(schema: z.ZodType<T>, request: Call): Promise<T | null> => {
    const response = await reach(host, request);
    if (response.status === 404) return null;
    return parse(schema, await accept(response));
  };
  const openOf = async ({ repository, head, base }: OpenPullRequest, signal?: AbortSignal) => {
    const query = new URLSearchParams({ state: 'open', head });
    const open = await call(z.array(pullRequestInfo), { path: `${pullsOf(repository)}?${query}`, signal });
    return open.find((pullRequest) => pullRequest.base === base) ?? null;
  };
  return {
    kind: 'local',
    repositories: (signal) => call(z.array(repositoryInfo), { path: 'repositories', signal }),
    repository: (name, signal) => orNull(repositoryInfo, { path: repositoryPath(name), signal }),
    async remote(name, signal) {
      const { url } = await call(repositoryInfo, { path: repositoryPath(name), signal });
      const pair = Buffer.from(`x-access-token:${host.token}`).toString('base64');
      return { url: `${url}.git`, authorization: `Basic ${pair}` };
    },
    async openPullRequest(input, signal) {
      const { repository, draft, head, base, ...text } = input;
      const open = await openOf(input, signal);
      if (open) {
        // A person may have marked it ready in the meantime: only ever towards ready.
        const body = { ...text, ...(draft ? {} : { draft }) };
        return call(pullRequestInfo, {
          path: `${pullsOf(repository)}/${open.number}`,
          method: 'PATCH',
          body,
          signal,
        });
      }
      const body = { ...text, draft, head, base };
      return call(pullRequestInfo, { path: pullsOf(repository), method: 'POST', body, signal });
    },
    pullRequest: (repository, number, signal) =>
      orNull(pullRequestInfo, { path: `${pullsOf(repository)}/${number}`, signal }),
    followPullRequests: (listener, signal) => followPullRequests({ host, listener, signal }),
  };
}

function repositoryPath(name: string): string {
  return `repositories/${name.split('/').map(encodeURIComponent).join('/')}`;
}

function pullsOf(repository: string): string {
  return `${repositoryPath(repository)}/pulls`;
}

async function send(host: HostAddress, request: Call): Promise<unknown> {
  return accept(await reach(host, request));
}

async function reach(host: HostAddress, { path, method = 'GET', body, signal }: Call): Promise<Response> {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  try {
    return await fetch(`${host.url}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreachable(host, cause);
  }
}

async function accept(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  throw failureOf(response.status, await response.text());
}

function unreachable({ url }: HostAddress, cause: unknown): UpstreamError {
  return new UpstreamError('code_host.unreachable', `the git host at ${url} does not answer`, { cause });
}

/** Classifies a refusal of the git host by its status. */
function failureOf(status: number, text: string): UpstreamError {
  const message = `the git host answered ${status}: ${text.slice(0, 500)}`;
  if (status === 401 || status === 403) return new UpstreamError('code_host.unauthorized', message);
  if (status === 404) return new UpstreamError('code_host.not_found', message);
  if (status >= 500 || status === 429) return new UpstreamError('code_host.unreachable', message);
  return new UpstreamError('code_host.refused', message);
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UpstreamError('code_host.refused', 'the git host answered in an unknown form', {
    cause: parsed.error,
  });
}
