import { type FileData, parseDiff } from 'react-diff-view';

export type ChangedFile = {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly additions: number;
  readonly deletions: number;
  readonly data: FileData;
};

/**
 * The files of a patch as git writes it, or of the plain unified diff that an edit tool reports. None when it is neither:
 * then it can only be shown as the text it is.
 */
export function changedFiles(patch: string): readonly ChangedFile[] {
  if (patch.trim() === '') return [];
  try {
    return parseDiff(asGit(patch), { nearbySequences: 'zip' }).map(changedFile);
  } catch {
    // The parser trips over what is no patch, or was cut in the middle of a header.
    return [];
  }
}

function changedFile(data: FileData): ChangedFile {
  const changes = data.hunks.flatMap((hunk) => hunk.changes);
  return {
    path: data.type === 'delete' ? data.oldPath : data.newPath,
    status: statusOf(data.type),
    additions: changes.filter((change) => change.type === 'insert').length,
    deletions: changes.filter((change) => change.type === 'delete').length,
    data,
  };
}

function statusOf(type: FileData['type']): ChangedFile['status'] {
  switch (type) {
    case 'add':
      return 'added';
    case 'delete':
      return 'deleted';
    case 'rename':
    case 'copy':
      return 'renamed';
    case 'modify':
      return 'modified';
  }
}

/** The parser only knows git's form, with a line that names the file in front of each. */
function asGit(patch: string): string {
  // It only sees that a file is binary when that line does not follow the others at once.
  if (/^diff --git /m.test(patch)) return patch.replace(/^Binary files /gm, '\nBinary files ');
  return patch
    .replace(/^Index: .*\n=+\n/gm, '')
    .replace(/^--- (.+)\n\+\+\+ (.+)$/gm, (_all, before: string, after: string) => {
      const path = nameIn(after === '/dev/null' ? before : after);
      return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}`;
    });
}

/** Tools write a tab and a time behind the name, and absolute paths. A space would end the name for the parser. */
function nameIn(header: string): string {
  const name = (header.split('\t')[0] ?? header).replace(/^[ab]\//, '').replace(/^\//, '');
  return name.replaceAll(' ', '\u00a0');
}
