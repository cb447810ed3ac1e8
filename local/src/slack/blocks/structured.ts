import { z } from 'zod';
import { button, image } from './elements.ts';
import { actions, context, divider, file, header, imageBlock, input, section, video } from './layout.ts';
import { richText } from './rich-text.ts';
import { anyText, base, list, mrkdwn, plainText, text } from './text.ts';

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string() }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string() }),
  richText,
]);
const row = list(cell, { max: 20 });

export const table = z.strictObject({
  ...base,
  type: z.literal('table'),
  rows: list(row, { max: 100 }),
  column_settings: z
    .array(
      z
        .strictObject({
          align: z.enum(['left', 'center', 'right']).optional(),
          is_wrapped: z.boolean().optional(),
        })
        .nullable(),
    )
    .max(20, 'no more than 20 items allowed')
    .optional(),
});

/** 200 rows and the header row; 20,000 characters over all cells. */
export const dataTable = z
  .strictObject({
    ...base,
    type: z.literal('data_table'),
    rows: list(row, { max: 201 }),
    caption: text(255),
    page_size: z.number().int().min(1).max(100).optional(),
    row_header_column_index: z.number().int().min(0).optional(),
  })
  .refine((value) => JSON.stringify(value.rows).length <= 40_000 || cellLength(value.rows) <= 20_000, {
    message: 'must have fewer than 20001 characters in all cells',
  });

function cellLength(rows: z.infer<typeof row>[]): number {
  const lengths = rows
    .flat()
    .map((entry) => ('text' in entry ? entry.text.length : JSON.stringify(entry).length));
  return lengths.reduce((sum, length) => sum + length, 0);
}

export const alert = z.strictObject({
  ...base,
  type: z.literal('alert'),
  text: anyText(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

export const card = z.strictObject({
  ...base,
  type: z.literal('card'),
  hero_image: image.optional(),
  icon: image.optional(),
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  body: mrkdwn(200).optional(),
  actions: list(button, { max: 3 }).optional(),
});

export const carousel = z.strictObject({
  ...base,
  type: z.literal('carousel'),
  elements: list(card, { max: 10 }),
});

export const container = z.strictObject({
  ...base,
  type: z.literal('container'),
  title: plainText(150).optional(),
  rich_text_title: richText.optional(),
  subtitle: anyText(150).optional(),
  child_blocks: list(
    z.discriminatedUnion('type', [
      actions,
      context,
      divider,
      file,
      header,
      imageBlock,
      input,
      richText,
      section,
      table,
      video,
    ]),
    { max: 10 },
  ),
  width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
  icon: image.optional(),
  is_collapsible: z.boolean().optional(),
  default_collapsed: z.boolean().optional(),
  has_header_divider: z.boolean().optional(),
});
