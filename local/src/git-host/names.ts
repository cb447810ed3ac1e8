import { z } from 'zod';

// First segments of this host's own URLs: an owner of that name would hide them.
const reservedOwners = new Set(['api', 'assets', 'me']);

const segment = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,99}$/;

/** One half of `owner/name`: what is safe as a folder name and as a URL segment at once. */
function isSegment(text: string): boolean {
  return segment.test(text) && !/\.(git|lock)?$/i.test(text);
}

/** A repository's name, as in `acme/web`. It becomes a path on disk, so nothing else passes. */
export const repositoryName = z
  .string()
  .refine(isRepositoryName, 'a repository is named owner/name, in letters, digits, - _ and .');

/** True for `owner/name` where both halves can be a folder of this host. */
export function isRepositoryName(text: string): boolean {
  const [owner, name, ...more] = text.split('/');
  if (owner === undefined || name === undefined || more.length > 0) return false;
  return isSegment(owner) && isSegment(name) && !reservedOwners.has(owner.toLowerCase());
}

/** A branch's name without `refs/heads/`, by the rules of `git check-ref-format`. */
export const branchName = z.string().max(200).refine(isBranchName, 'not a valid branch name');

function isBranchName(text: string): boolean {
  const hasBadCharacter = /[\s~^:?*[\\]|@\{|\.\.|\/\//.test(text) || hasControlCharacter(text);
  const hasBadEdge = /^[-/.]|[/.]$|\.lock(\/|$)|\/\./.test(text);
  return text.length > 0 && text !== '@' && !hasBadCharacter && !hasBadEdge;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

/** The path of a file inside a repository; the empty text is its root. */
export const filePath = z.string().max(4096).refine(isFilePath, 'not a path inside a repository');

function isFilePath(text: string): boolean {
  if (text === '') return true;
  // git reads `commit:./x` and `commit:../x` against a working directory that a bare repository does not have.
  return text
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
}
