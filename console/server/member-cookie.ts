import { createCookie } from '@remix-run/node';
import type { Actor } from 'orchestrator/domain';
import { z } from 'zod';
import { CONSOLE_ID } from '../app/words.ts';

const LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** Who signs in by link is the owner of this installation, and acts as this member. */
const CONSOLE_MEMBER: Actor = { kind: 'member', id: CONSOLE_ID, name: 'Console' };

const contentSchema = z.object({ name: z.literal('Owner'), expiresAt: z.number() });

/** The signed cookie that says who somebody is. It ends by its own content too, whatever a browser does with its age. */
export type MemberCookie = {
  /** A `Set-Cookie` value. */
  mint(): Promise<string>;
  read(cookieHeader: string | undefined): Promise<Actor | null>;
};

export function createMemberCookie(options: {
  readonly secret: string;
  readonly secure: boolean;
}): MemberCookie {
  const cookie = createCookie('deckhand_console', {
    secrets: [options.secret],
    httpOnly: true,
    sameSite: 'lax',
    secure: options.secure,
    path: '/',
    maxAge: LIFETIME_MS / 1000,
  });
  return {
    mint: () => cookie.serialize({ name: 'Owner', expiresAt: Date.now() + LIFETIME_MS }),
    async read(cookieHeader) {
      const content = contentSchema.safeParse(await cookie.parse(cookieHeader ?? null));
      return content.success && content.data.expiresAt > Date.now() ? CONSOLE_MEMBER : null;
    },
  };
}
