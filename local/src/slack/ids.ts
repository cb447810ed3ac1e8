import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** An id in Slack's form: a letter that says what it names, then ten upper-case characters. */
export function newId(prefix: 'A' | 'B' | 'C' | 'D' | 'F' | 'U' | 'V' | 'Ev'): string {
  const characters = [...randomBytes(10)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return `${prefix}${characters.join('')}`;
}

/** A random lower-case string for tokens, tickets and the like; 48 characters, 192 bits. */
export function newSecret(): string {
  return randomBytes(24).toString('hex');
}
