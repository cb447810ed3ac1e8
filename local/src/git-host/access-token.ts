import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret that opens a door of this host. */
export interface AccessToken {
  readonly value: string;
  /** Judges an Authorization header: `Bearer <token>`, or `Basic` with the token as the password, as git sends it. */
  allows(authorization: string | undefined): boolean;
  /** Judges the bare secret. */
  is(candidate: string | undefined): boolean;
}

export function accessToken(value: string): AccessToken {
  const is = (candidate: string | undefined) =>
    candidate !== undefined && timingSafeEqual(digest(candidate), digest(value));
  return {
    value,
    is,
    allows(authorization = '') {
      const [scheme = '', credentials = ''] = authorization.split(' ');
      if (/^bearer$/i.test(scheme)) return is(credentials);
      if (!/^basic$/i.test(scheme)) return false;
      const pair = Buffer.from(credentials, 'base64').toString('utf8');
      return is(pair.slice(pair.indexOf(':') + 1));
    },
  };
}

/** The token of a data folder: made at the first start, the same ever after, readable by its owner only. */
export async function keptAccessToken(dataDir: string): Promise<AccessToken> {
  const file = join(dataDir, 'token');
  const fresh = `dgh_${randomBytes(24).toString('base64url')}`;
  try {
    await writeFile(file, `${fresh}\n`, { mode: 0o600, flag: 'wx' });
    return accessToken(fresh);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return accessToken((await readFile(file, 'utf8')).trim());
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
