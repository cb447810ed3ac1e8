import { z } from 'zod';

/**
 * Slack's documented limits as schemas, written down apart from the views so that a mistake in one is seen by the other.
 * Strict: a block, element or field that we are not known to use is refused.
 */
const text = (max: number) => z.string().min(1).max(max);
const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(max), emoji: z.boolean().optional() });
const mrkdwnText = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: text(max).refine(isInert, 'markup out of a text') });

/** Only entities and our own links: no mention, no broadcast, no half of an entity. */
function isInert(value: string): boolean {
  const withoutLinks = value.replace(/<https?:\/\/[^<>|\s]+\|[^<>|]*>/g, '');
  const withoutQuote = withoutLinks.replace(/^>/gm, '');
  return !/[<>]/.test(withoutQuote) && !/&(?!amp;|lt;|gt;)/.test(withoutQuote);
}

const button = z.strictObject({
  type: z.literal('button'),
  action_id: text(255),
  text: plainText(75),
  value: text(2_000)
    .regex(/^[\w/]+$/, 'a value holds ids only')
    .optional(),
  url: text(3_000).startsWith('http').optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: z
    .strictObject({
      title: plainText(100),
      text: plainText(300),
      confirm: plainText(30),
      deny: plainText(30),
      style: z.literal('danger'),
    })
    .optional(),
});

const richText = z.strictObject({
  type: z.literal('rich_text'),
  elements: z.array(
    z.strictObject({
      type: z.literal('rich_text_preformatted'),
      elements: z.array(z.strictObject({ type: z.literal('text'), text: text(4_000) })),
      border: z.literal(0),
    }),
  ),
});

const taskCard = z.strictObject({
  type: z.literal('task_card'),
  task_id: text(255),
  title: text(256),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});

const unique = (ids: readonly string[]) => new Set(ids).size === ids.length;

const blockSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('section'), text: mrkdwnText(3_000), accessory: button.optional() }),
  z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwnText(3_000)).min(1).max(10) }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(button)
      .min(1)
      .max(25)
      .refine((elements) => unique(elements.map((element) => element.action_id)), 'action ids repeat'),
  }),
  z.strictObject({ type: z.literal('header'), text: plainText(150) }),
  z.strictObject({ type: z.literal('divider') }),
  z.strictObject({
    type: z.literal('markdown'),
    text: text(12_000).refine((value) => !/<[!@#]/.test(value), 'a mention in markdown'),
  }),
  z.strictObject({
    type: z.literal('plan'),
    title: text(256),
    tasks: z
      .array(taskCard)
      .max(8)
      .refine((tasks) => unique(tasks.map((task) => task.task_id)), 'task ids repeat'),
  }),
  richText,
]);

const noHalves = (value: unknown) =>
  JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(value));

export const messageSchema = z
  .strictObject({
    kind: z.literal('message'),
    text: text(3_999),
    blocks: z.array(blockSchema).min(1).max(50),
  })
  .refine(({ blocks }) => JSON.stringify(blocks).length <= 13_200, 'blocks too long together')
  .refine(noHalves, 'half a character');

export const homeSchema = z.strictObject({
  type: z.literal('home'),
  blocks: z.array(blockSchema).min(1).max(100),
});

const input = z.strictObject({
  type: z.literal('input'),
  block_id: text(255),
  optional: z.boolean().optional(),
  label: plainText(2_000),
  element: z.union([
    z
      .strictObject({
        type: z.literal('plain_text_input'),
        action_id: text(255),
        multiline: z.boolean().optional(),
        max_length: z.number().int().min(1).max(3_000),
        initial_value: text(3_000).optional(),
      })
      .refine((element) => (element.initial_value?.length ?? 0) <= element.max_length, 'longer than allowed'),
    z.strictObject({
      type: z.literal('checkboxes'),
      action_id: text(255),
      options: z.array(z.strictObject({ text: plainText(75), value: text(150) })).max(10),
    }),
  ]),
});

export const modalSchema = z.strictObject({
  type: z.literal('modal'),
  callback_id: text(255),
  private_metadata: text(3_000),
  title: plainText(24),
  submit: plainText(24),
  close: plainText(24),
  blocks: z.array(input).max(100),
});
