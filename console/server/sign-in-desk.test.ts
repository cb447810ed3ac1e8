import { describe, expect, it } from 'vitest';
import { createSignInDesk } from './sign-in-desk.ts';

describe('the sign-in desk', () => {
  it('takes a token once', () => {
    const desk = createSignInDesk();
    const token = desk.issue();
    expect(desk.redeem(token)).toBe(true);
    expect(desk.redeem(token)).toBe(false);
  });

  it('refuses a token that it has not issued', () => {
    const desk = createSignInDesk();
    desk.issue();
    expect(desk.redeem('guess')).toBe(false);
  });

  it('refuses a token that is an hour old', () => {
    let now = 0;
    const desk = createSignInDesk(() => now);
    const token = desk.issue();
    const fresh = desk.issue();
    now = 59 * 60 * 1000;
    expect(desk.redeem(fresh)).toBe(true);
    now = 60 * 60 * 1000;
    expect(desk.redeem(token)).toBe(false);
  });
});
