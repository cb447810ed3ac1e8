import { describe, expect, it } from 'vitest';
import type { Turn } from '../domain/index.ts';
import { promptText } from './prompt.ts';

const turn: Turn = {
  turnId: 'trn_1',
  text: 'fix it',
  requestedBy: { kind: 'member', id: 'U1', name: 'Ana "<b>"' },
  message: null,
};
const fresh = { continues: false, placeLost: false, doneBefore: null };

describe('the prompt of a run', () => {
  it('holds the request and who made it, with a name that cannot break out of its place', () => {
    expect(promptText(turn, fresh)).toBe('<request from="Ana   b">\nfix it\n</request>');
  });

  it('tells an interrupted agent to look at what is there before it goes on', () => {
    const text = promptText(turn, { ...fresh, continues: true });
    expect(text).toMatch(/^<interrupted>/);
    expect(text).toContain('git status');
    expect(text).toContain('fix it');
    expect(text).not.toContain('new sandbox');
  });

  it('says when the sandbox is a new one', () => {
    expect(promptText(turn, { ...fresh, continues: true, placeLost: true })).toContain('new sandbox');
  });
});
