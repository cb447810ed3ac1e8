import type { ModelVendor } from './model.ts';

/** US dollars per million tokens: input, output, cached input. */
export type Price = { readonly input: number; readonly output: number; readonly cacheRead: number };

export type VendorSettings =
  | {
      readonly kind: 'anthropic' | 'openai' | 'openrouter';
      readonly key: string;
      readonly model?: string;
      readonly price?: Price;
    }
  | {
      readonly kind: 'custom';
      readonly key: string;
      readonly baseUrl: string;
      readonly model: string;
      readonly price?: Price;
    };

/** What is used when nobody named a model, with the vendor's list price of 2025-10 (their pricing pages). */
const DEFAULTS = {
  anthropic: { model: 'claude-sonnet-4-5', price: { input: 3, output: 15, cacheRead: 0.3 } },
  openai: { model: 'gpt-5', price: { input: 1.25, output: 10, cacheRead: 0.125 } },
  openrouter: { model: 'anthropic/claude-sonnet-4.5', price: { input: 3, output: 15, cacheRead: 0.3 } },
} as const;

const HOSTS = {
  anthropic: { api: 'anthropic', baseUrl: 'https://api.anthropic.com/v1' },
  openai: { api: 'openai', baseUrl: 'https://api.openai.com/v1' },
  openrouter: { api: 'openai-compatible', baseUrl: 'https://openrouter.ai/api/v1' },
} as const;

/** Tokens; the smallest of the vendors' current coding models, so that compaction starts in time. */
const LIMIT = { context: 200_000, output: 32_000 };
/** A model whose price nobody told us is counted as free, and shown so. */
const UNPRICED: Price = { input: 0, output: 0, cacheRead: 0 };

export function vendorOf(settings: VendorSettings): ModelVendor {
  if (settings.kind === 'custom') {
    const { model, key, price } = settings;
    const baseUrl = settings.baseUrl.replace(/\/+$/, '');
    return {
      name: `custom/${model}`,
      api: 'openai-compatible',
      modelId: model,
      label: model,
      baseUrl,
      key,
      cost: price ?? UNPRICED,
      limit: LIMIT,
    };
  }
  const { kind, key } = settings;
  const known = DEFAULTS[kind];
  const model = settings.model ?? known.model;
  const cost = settings.price ?? (model === known.model ? known.price : UNPRICED);
  return { name: `${kind}/${model}`, ...HOSTS[kind], modelId: model, label: model, key, cost, limit: LIMIT };
}
