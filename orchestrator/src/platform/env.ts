import type { z } from 'zod';

/** The environment does not say what it must; the message names every variable that is wrong. */
export class ConfigError extends Error {}

/**
 * Parses an environment once, reporting all problems together. An empty variable counts as not set: that is what
 * `NAME=` in a .env file means to the one who wrote it.
 */
export function readEnv<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`,
  );
  throw new ConfigError(`The configuration is wrong:\n${problems.join('\n')}`);
}
