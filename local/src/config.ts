import { resolve } from 'node:path';
import type { VendorSettings } from 'orchestrator/compose';
import { readEnv } from 'orchestrator/platform/env';
import { z } from 'zod';

const PORT_RULE = 'a port number from 0 (any free one) to 65535';
const port = (standard: number) =>
  z.coerce
    .number({ error: PORT_RULE })
    .int(PORT_RULE)
    .min(0, PORT_RULE)
    .max(65_535, PORT_RULE)
    .default(standard);

/** The longest wait that a timer of Node can hold: it takes a longer one for none at all. */
const LONGEST_MS = 2 ** 31 - 1;
const MS_RULE = `a number of milliseconds from 1000 to ${LONGEST_MS}`;
const milliseconds = (standard: number) =>
  z.coerce
    .number({ error: MS_RULE })
    .int(MS_RULE)
    .min(1000, MS_RULE)
    .max(LONGEST_MS, MS_RULE)
    .default(standard);

const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, `one of ${words.join(', ')}`);

/** What a person copies often has a space or a line break at its end. */
const text = () => z.string().trim();
const webAddress = () =>
  z.url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' });

const priceSchema = z
  .string()
  .regex(
    /^\d+(\.\d+)?,\d+(\.\d+)?,\d+(\.\d+)?$/,
    'three numbers: dollars per million tokens for input, output and cached input, as in 3,15,0.3',
  )
  .transform((text) => {
    const [input = 0, output = 0, cacheRead = 0] = text.split(',').map(Number);
    return { input, output, cacheRead };
  });

const environmentSchema = z
  .object({
    DECKHAND_DATA: z.string().default('.deckhand'),
    CONSOLE_PORT: port(4400),
    WORKSPACE_PORT: port(4401),
    GIT_HOST_PORT: port(4402),
    LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error']).default('info'),
    RUN_TIMEOUT_MS: milliseconds(60 * 60_000),
    QUESTION_TIMEOUT_MS: milliseconds(30 * 60_000),
    DEMO_PACE: oneOf(['demo', 'fast']).default('demo'),
    SLACK_BOT_TOKEN: text().startsWith('xoxb-', 'a bot token begins with xoxb-').optional(),
    SLACK_APP_TOKEN: text().startsWith('xapp-', 'an app-level token begins with xapp-').optional(),
    SLACK_API_URL: webAddress().optional(),
    ANTHROPIC_API_KEY: text().optional(),
    OPENAI_API_KEY: text().optional(),
    OPENROUTER_API_KEY: text().optional(),
    MODEL_BASE_URL: webAddress().optional(),
    MODEL_API_KEY: text().optional(),
    MODEL: text().max(190, 'a name of at most 190 characters').optional(),
    MODEL_PRICE: priceSchema.optional(),
  })
  .superRefine((env, context) => {
    const missing = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (env.SLACK_BOT_TOKEN && !env.SLACK_APP_TOKEN)
      missing('SLACK_APP_TOKEN', 'needed with SLACK_BOT_TOKEN');
    if (env.SLACK_APP_TOKEN && !env.SLACK_BOT_TOKEN)
      missing('SLACK_BOT_TOKEN', 'needed with SLACK_APP_TOKEN');
    if (env.MODEL_BASE_URL && !env.MODEL)
      missing('MODEL', 'needed with MODEL_BASE_URL: the model’s name there');
  });
type Environment = z.infer<typeof environmentSchema>;

export type Config = {
  /** Absolute. */
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly ports: { readonly console: number; readonly workspace: number; readonly gitHost: number };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly limits: { readonly runTimeoutMs: number; readonly questionTimeoutMs: number };
  readonly demoPace: 'demo' | 'fast';
  /** null: the local workspace. */
  readonly slack: {
    readonly botToken: string;
    readonly appToken: string;
    readonly apiUrl: string | undefined;
  } | null;
  /** null: the scripted demo model. */
  readonly model: VendorSettings | null;
};

/** Reads what `npm start` needs from an environment. Throws ConfigError with every problem at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const env = readEnv(environmentSchema, environment);
  return {
    dataDir: resolve(env.DECKHAND_DATA),
    ports: { console: env.CONSOLE_PORT, workspace: env.WORKSPACE_PORT, gitHost: env.GIT_HOST_PORT },
    logLevel: env.LOG_LEVEL,
    limits: { runTimeoutMs: env.RUN_TIMEOUT_MS, questionTimeoutMs: env.QUESTION_TIMEOUT_MS },
    demoPace: env.DEMO_PACE,
    slack:
      env.SLACK_BOT_TOKEN && env.SLACK_APP_TOKEN
        ? { botToken: env.SLACK_BOT_TOKEN, appToken: env.SLACK_APP_TOKEN, apiUrl: env.SLACK_API_URL }
        : null,
    model: modelOf(env),
  };
}

/** The first that is set counts: a URL of one's own, then Anthropic, OpenAI, OpenRouter. */
function modelOf(env: Environment): VendorSettings | null {
  const extras = {
    ...(env.MODEL && { model: env.MODEL }),
    ...(env.MODEL_PRICE && { price: env.MODEL_PRICE }),
  };
  if (env.MODEL_BASE_URL && env.MODEL) {
    return {
      ...extras,
      kind: 'custom',
      baseUrl: env.MODEL_BASE_URL,
      model: env.MODEL,
      key: env.MODEL_API_KEY ?? 'none',
    };
  }
  if (env.ANTHROPIC_API_KEY) return { ...extras, kind: 'anthropic', key: env.ANTHROPIC_API_KEY };
  if (env.OPENAI_API_KEY) return { ...extras, kind: 'openai', key: env.OPENAI_API_KEY };
  if (env.OPENROUTER_API_KEY) return { ...extras, kind: 'openrouter', key: env.OPENROUTER_API_KEY };
  return null;
}

/** This process's environment: the only place that reads it. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
