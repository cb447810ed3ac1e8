import { createHash, randomBytes } from 'node:crypto';

const LINK_LIFETIME_MS = 60 * 60 * 1000;

/** Hands out one-time tokens and takes them back. Holds hashes only, in memory: a restart voids every open link. */
export type SignInDesk = {
  /** A new token, good once and for an hour. */
  issue(): string;
  /** Whether the token was good; it is not afterwards. */
  redeem(token: string): boolean;
};

export function createSignInDesk(now: () => number = Date.now): SignInDesk {
  const expiryByHash = new Map<string, number>();
  return {
    issue() {
      for (const [hash, expiresAt] of expiryByHash) if (expiresAt <= now()) expiryByHash.delete(hash);
      const token = randomBytes(32).toString('base64url');
      expiryByHash.set(hashOf(token), now() + LINK_LIFETIME_MS);
      return token;
    },
    redeem(token) {
      const hash = hashOf(token);
      const expiresAt = expiryByHash.get(hash);
      expiryByHash.delete(hash);
      return expiresAt !== undefined && expiresAt > now();
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
