import { countLines, type Diff, type DiffHunk, type DiffLine, type FileDiff } from '../diff.ts';
import { type Html, html } from './html.ts';
import { icon } from './icons.ts';
import { plural } from './layout.ts';

/** Files with more changed lines than this start folded. */
const foldedOverLines = 400;

/** Files with more than this are named only: a browser gets slow over tens of thousands of rows. */
const shownUpToLines = 5_000;

/** All files of a change: a list to jump from, then each file with its coloured lines. */
export function diffView({ files, isCut }: Diff): Html {
  if (files.length === 0) return html`<p class="quiet">No file differs.</p>`;
  return html`<section class="diff" aria-label="Files changed">
    <div class="diff-head"><h2>Files changed</h2><span class="quiet">${plural(files.length, 'file')}</span>
    ${lineCounts(countLines(files))}</div>
    ${files.length > 1 && html`<ul class="file-list">${files.map(listItem)}</ul>`}
    ${files.map((file, index) => fileView(file, { index, isCut }))}
    ${isCut && html`<p class="quiet">The change is too large to show all of it here; look at it with git.</p>`}
  </section>`;
}

/** `+12 −3` with a bar of five blocks. */
export function lineCounts({ added, removed }: { added: number; removed: number }): Html {
  const total = added + removed;
  const green = total === 0 ? 0 : Math.round((added / total) * 5);
  const blocks = Array.from({ length: 5 }, (_, index) => {
    const kind = index < green ? 'added' : 'removed';
    return html`<i class="${total === 0 ? 'none' : kind}"></i>`;
  });
  return html`<span class="counts"><b class="added">+${added}</b> <b class="removed">−${removed}</b><span class="blocks"
    aria-hidden="true">${blocks}</span></span>`;
}

function listItem(file: FileDiff, index: number): Html {
  return html`<li><a href="#file-${index}">${icon('file')}<span class="path">${file.path}</span></a>${status(file)}
    <span class="counts"><b class="added">+${file.added}</b> <b class="removed">−${file.removed}</b></span></li>`;
}

function fileView(file: FileDiff, { index, isCut }: { index: number; isCut: boolean }): Html {
  const isLarge = file.added + file.removed > foldedOverLines;
  return html`<details class="file" id="file-${index}"${!isLarge && html` open`}>
    <summary><span class="path">${name(file)}</span>${status(file)}${lineCounts(file)}</summary>
    ${isLarge && html`<p class="quiet folded">A large change, folded at first.</p>`}
    ${lines(file, isCut)}
  </details>`;
}

function name({ path, previousPath }: FileDiff): Html {
  return previousPath === null ? html`${path}` : html`${previousPath} <span class="quiet">→</span> ${path}`;
}

function status({ status: kind }: FileDiff): Html | null {
  return kind === 'changed' ? null : html`<span class="tag ${kind}">${kind}</span>`;
}

function lines({ hunks, isBinary, added, removed }: FileDiff, isCut: boolean): Html {
  if (isBinary) return html`<p class="quiet inside">A binary file.</p>`;
  const isMissing = isCut && hunks.length === 0 && added + removed > 0;
  if (isMissing || added + removed > shownUpToLines) {
    return html`<p class="quiet inside">Too much to show here; look at it with git.</p>`;
  }
  if (hunks.length === 0) return html`<p class="quiet inside">No lines changed.</p>`;
  return html`<table class="lines"><tbody>${hunks.map(hunkView)}</tbody></table>`;
}

function hunkView({ header, lines: rows }: DiffHunk): Html {
  return html`<tr class="hunk"><td colspan="3">${header}</td></tr>${rows.map(row)}`;
}

const signs = { added: '+', removed: '−', context: '', note: '' } as const;

function row({ kind, before, after, text }: DiffLine): Html {
  return html`<tr class="${kind}"><td class="n" data-n="${before ?? ''}"></td><td class="n" data-n="${after ?? ''}"></td><td
    class="t" data-sign="${signs[kind]}">${text}</td></tr>`;
}
