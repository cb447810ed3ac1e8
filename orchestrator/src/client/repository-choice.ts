import {
  isNamed,
  isRefused,
  namedRepository,
  quotedThread,
  type Refused,
  requestOf,
  withoutRepository,
  withThread,
} from '../domain/index.ts';
import type { RepositoryInfo } from '../ports.ts';

export type RepositoryChoice = { readonly repository: RepositoryInfo; readonly text: string } | Refused;

/** Which repository a request is about: the one that it names, else the only one there is. A quoted thread names none. */
export function chooseRepository(text: string, repositories: readonly RepositoryInfo[]): RepositoryChoice {
  const request = requestOf(text);
  const named = namedRepository(request);
  const chosen = named === null ? theOnly(repositories) : byName(named, repositories);
  if (isRefused(chosen)) return chosen;
  if (named === null) return { repository: chosen, text };
  return { repository: chosen, text: withThread(withoutRepository(request), quotedThread(text) ?? '') };
}

function byName(name: string, repositories: readonly RepositoryInfo[]): RepositoryInfo | Refused {
  const wanted = name.toLowerCase();
  const exact = repositories.find((repository) => repository.name.toLowerCase() === wanted);
  const bare = repositories.filter((repository) => isNamed(repository.name, name));
  if (!exact && bare.length > 1) return { refused: 'ambiguous_repository' };
  return exact ?? bare[0] ?? { refused: 'unknown_repository' };
}

function theOnly(repositories: readonly RepositoryInfo[]): RepositoryInfo | Refused {
  const [first, second] = repositories;
  if (!first) return { refused: 'no_repository' };
  return second ? { refused: 'ambiguous_repository' } : first;
}
