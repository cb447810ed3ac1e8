import { describe, expect, it } from 'vitest';
import { queryAt, take, toggleMark } from './completion.ts';

describe('completion', () => {
  it.each([
    ['@', { sign: '@', word: '', start: 0 }],
    ['hi @an', { sign: '@', word: 'an', start: 3 }],
    ['see #eng', { sign: '#', word: 'eng', start: 4 }],
    ['/deck', { sign: '/', word: 'deck', start: 0 }],
    [':roc', { sign: ':', word: 'roc', start: 0 }],
    ['a@b', null],
    ['say /deck', null],
    [':r', null],
    ['```\n@an', null],
  ])('looks for the word at the end of %j', (text, query) => {
    expect(queryAt(text, text.length)).toEqual(query);
  });

  it('puts in what was chosen and goes on behind it', () => {
    const query = { sign: '@', word: 'an', start: 3 } as const;
    const suggestion = { key: 'U1', insert: '@ana', title: 'Ana', hint: '' };
    expect(take('hi @an there', 6, query, suggestion)).toEqual({ text: 'hi @ana there', caret: 8 });
  });

  it('marks a selection and takes the mark away again', () => {
    const marked = toggleMark('a word', { start: 2, end: 6 }, '*');
    expect(marked).toEqual({ text: 'a *word*', start: 3, end: 7 });
    expect(toggleMark(marked.text, marked, '*')).toEqual({ text: 'a word', start: 2, end: 6 });
  });
});
