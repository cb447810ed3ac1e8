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
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    RUN_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(1000)
      .default(60 * 60_000),
    QUESTION_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(1000)
      .default(30 * 60_000),
    DEMO_PACE: z.enum(['demo', 'fast']).default('demo'),
    SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'a bot token begins with xoxb-').optional(),
    SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'an app-level token begins with xapp-').optional(),
    SLACK_API_URL: z.url().optional(),
    ANTHROPIC_API_KEY: z.string().optional(),
    OPENAI_API_KEY: z.string().optional(),
    OPENROUTER_API_KEY: z.string().optional(),
    MODEL_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    MODEL_API_KEY: z.string().optional(),
    MODEL: z.string().max(190).optional(),
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
