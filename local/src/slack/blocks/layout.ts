import { z } from 'zod';
import { accessory, actionElement, image, inputElement } from './elements.ts';
import { anyText, base, list, mrkdwn, plainText, text, url } from './text.ts';

/** The blocks that messages, modals and Homes have long had. */
export const section = z
  .strictObject({
    ...base,
    type: z.literal('section'),
    text: anyText(3000).optional(),
    fields: list(anyText(2000), { max: 10 }).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((value) => value.text !== undefined || value.fields !== undefined, 'must have text or fields');

export const header = z.strictObject({
  ...base,
  type: z.literal('header'),
  text: plainText(150),
  level: z.number().int().optional(),
});

export const divider = z.strictObject({ ...base, type: z.literal('divider') });

export const context = z.strictObject({
  ...base,
  type: z.literal('context'),
  elements: list(z.discriminatedUnion('type', [image, plainText(2000), mrkdwn(2000)]), { max: 10 }),
});

export const actions = z.strictObject({
  ...base,
  type: z.literal('actions'),
  elements: list(actionElement, { max: 25 }),
});

export const imageBlock = z
  .strictObject({
    ...base,
    type: z.literal('image'),
    alt_text: text(2000),
    title: plainText(2000).optional(),
    image_url: url.optional(),
    slack_file: z.strictObject({ id: z.string().optional(), url: z.string().optional() }).optional(),
  })
  .refine(
    (value) => (value.image_url === undefined) !== (value.slack_file === undefined),
    'must have exactly one of image_url and slack_file',
  );

export const input = z.strictObject({
  ...base,
  type: z.literal('input'),
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  element: inputElement,
  dispatch_action: z.boolean().optional(),
});

/** Standard markdown; 12,000 characters over all of a message's markdown blocks. */
export const markdown = z.strictObject({ ...base, type: z.literal('markdown'), text: text(12_000) });

export const file = z.strictObject({
  ...base,
  type: z.literal('file'),
  source: z.literal('remote'),
  external_id: z.string(),
});

export const video = z.strictObject({
  ...base,
  type: z.literal('video'),
  video_url: url,
  thumbnail_url: url,
  alt_text: text(2000),
  title: plainText(200),
  title_url: url.optional(),
  author_name: z.string().max(50).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: url.optional(),
  description: plainText(200).optional(),
});
