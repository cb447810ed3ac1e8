import { z } from 'zod';
import { contextAction } from './elements.ts';
import { richText } from './rich-text.ts';
import { base, list, text, url } from './text.ts';

/** The blocks of agents' progress. Slack's docs say 256 characters for a title, but longer ones were accepted. */
export const taskCard = z.strictObject({
  ...base,
  type: z.literal('task_card'),
  task_id: text(255),
  title: text(40_000),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url, text: z.string() })).optional(),
});

export const plan = z.strictObject({
  ...base,
  type: z.literal('plan'),
  title: text(40_000),
  tasks: z.array(taskCard).max(50, 'no more than 50 items allowed').optional(),
});

export const contextActions = z.strictObject({
  ...base,
  type: z.literal('context_actions'),
  elements: list(contextAction, { max: 5 }),
});
