import { isRefused, quotedThread, type Refused, requestOf, withThread } from '../domain/index.ts';
import type { RepositoryInfo } from '../ports.ts';

/** `repo:owner/name` or `repo:name` anywhere in the request. */
const DIRECTIVE = /(?:^|\s)repo:([A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)?)/;

export type RepositoryChoice = { readonly repository: RepositoryInfo; readonly text: string } | Refused;

/** Which repository a request is about: the one that it names, else the only one there is. A quoted thread names none. */
export function chooseRepository(text: string, repositories: readonly RepositoryInfo[]): RepositoryChoice {
  const request = requestOf(text);
  const named = DIRECTIVE.exec(request)?.[1];
  const chosen = named ? byName(named, repositories) : theOnly(repositories);
  if (isRefused(chosen)) return chosen;
  const rest = request.replace(DIRECTIVE, ' ').trim();
  if (!named || rest === '') return { repository: chosen, text };
  return { repository: chosen, text: withThread(rest, quotedThread(text) ?? '') };
}

function byName(name: string, repositories: readonly RepositoryInfo[]): RepositoryInfo | Refused {
  const wanted = name.toLowerCase();
  const exact = repositories.find((repository) => repository.name.toLowerCase() === wanted);
  const bare = repositories.filter((repository) => repository.name.toLowerCase().endsWith(`/${wanted}`));
  if (!exact && bare.length > 1) return { refused: 'ambiguous_repository' };
  return exact ?? bare[0] ?? { refused: 'unknown_repository' };
}

function theOnly(repositories: readonly RepositoryInfo[]): RepositoryInfo | Refused {
  const [first, second] = repositories;
  if (!first) return { refused: 'no_repository' };
  return second ? { refused: 'ambiguous_repository' } : first;
}
