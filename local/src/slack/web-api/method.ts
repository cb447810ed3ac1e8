import { z } from 'zod';
import { refusal, SlackError } from '../errors.ts';
import type { Workspace } from '../workspace.ts';

type TokenKind = 'bot' | 'app';

/** One Web API method: which token it takes, and what it does with its arguments. */
export type Method = {
  readonly token: TokenKind;
  /** Returns what goes beside `ok: true`. Throws SlackError for `ok: false`. */
  readonly run: (workspace: Workspace, args: Record<string, unknown>) => object | Promise<object>;
};

type Definition<S extends z.ZodType> = {
  readonly args: S;
  readonly token?: TokenKind;
  readonly run: (workspace: Workspace, args: z.infer<S>) => object | Promise<object>;
};

/** Declares a method; arguments that do not fit `args` are refused as `invalid_arguments`. */
export function method<S extends z.ZodType>({ args: schema, token = 'bot', run }: Definition<S>): Method {
  return {
    token,
    run: (workspace, args) => {
      const parsed = schema.safeParse(args);
      if (!parsed.success) {
        throw refusal(
          'invalid_arguments',
          parsed.error.issues.map((issue) =>
            issue.code === 'invalid_type' && issue.input === undefined
              ? `missing required field: ${issue.path.join('/')}`
              : `${issue.message} [json-pointer:/${issue.path.join('/')}]`,
          ),
        );
      }
      return run(workspace, parsed.data);
    },
  };
}

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value; // the schema behind it refuses the text
  }
}

/** An object or list; a form sends it as JSON in a field. */
export function json<S extends z.ZodType>(schema: S) {
  return z.preprocess(parseJson, schema);
}

/** A boolean; a form sends it as text. */
export const flag = z.preprocess((value) => {
  if (value === 'true' || value === '1' || value === 1) return true;
  if (value === 'false' || value === '0' || value === 0) return false;
  return value;
}, z.boolean());

export const whole = z.coerce.number().int();

/** The `limit` of a paged method: 1 to `max`; more is cut, as Slack does. */
export const limit = (max: number, usual: number) =>
  whole
    .min(1)
    .optional()
    .transform((value) => Math.min(value ?? usual, max));

/** Slack's opaque cursors: base64 of the last item's sort key. */
export const cursor = {
  write: (position: string): string => Buffer.from(`next:${position}`).toString('base64'),
  /** Throws invalid_cursor. */
  read(text: string | undefined): string | null {
    if (!text) return null;
    const plain = Buffer.from(text, 'base64').toString();
    if (!plain.startsWith('next:')) throw new SlackError('invalid_cursor');
    return plain.slice('next:'.length);
  },
};

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string };

/** Cuts a page out of a short list; positions are indexes. For lists that may grow use the database. */
export function pageOf<T>(
  all: readonly T[],
  request: { cursor?: string | undefined; limit: number },
): Page<T> {
  const start = Number(cursor.read(request.cursor) ?? 0);
  const end = start + request.limit;
  return { items: all.slice(start, end), nextCursor: end < all.length ? cursor.write(String(end)) : '' };
}
