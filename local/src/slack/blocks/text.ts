import { z } from 'zod';

/** Text of 1 to `max` characters. */
export const text = (max: number) =>
  z
    .string()
    .min(1, 'must be more than 0 characters')
    .max(max, `must be less than ${max + 1} characters`);

export const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(max), emoji: z.boolean().optional() });

export const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: text(max), verbatim: z.boolean().optional() });

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);

/** Any web address of at most 3,000 characters. */
export const url = text(3000).regex(/^[a-z][a-z0-9+.-]*:/i, 'invalid url');

/** action_id, block_id and callback_id. */
export const shortId = z.string().max(255, 'must be less than 256 characters');

/** A list whose bounds are told as Slack tells them. */
export const list = <S extends z.ZodType>(item: S, bounds: { min?: number; max: number }) =>
  z
    .array(item)
    .min(bounds.min ?? 1, `no fewer than ${bounds.min ?? 1} items allowed`)
    .max(bounds.max, `no more than ${bounds.max} items allowed`);

/** What every block has. */
export const base = { block_id: shortId.optional() };
