import { z } from 'zod';
import { refusal, SlackError } from '../errors.ts';
import type { ViewContent } from '../store/model.ts';
import { plainText, shortId } from './text.ts';
import { readBlocks } from './validate.ts';

const common = {
  blocks: z.unknown(),
  private_metadata: z.string().max(3000, 'must be less than 3001 characters').exactOptional(),
  callback_id: shortId.exactOptional(),
  external_id: shortId.exactOptional(),
};

const modal = z.strictObject({
  ...common,
  type: z.literal('modal'),
  title: plainText(24),
  close: plainText(24).optional(),
  submit: plainText(24).optional(),
  clear_on_close: z.boolean().exactOptional(),
  notify_on_close: z.boolean().exactOptional(),
  submit_disabled: z.boolean().exactOptional(),
});
const home = z.strictObject({ ...common, type: z.literal('home') });

/** Reads the `view` argument of views.*. Throws invalid_arguments with the place, or what readBlocks throws. */
export function readView(value: unknown, kind: 'modal' | 'home'): ViewContent {
  const schema = kind === 'modal' ? modal : home;
  const parsed = schema.safeParse(fromJson(value));
  if (!parsed.success) {
    throw refusal(
      'invalid_arguments',
      parsed.error.issues.map((issue) => `${issue.message} [json-pointer:/view/${issue.path.join('/')}]`),
    );
  }
  const blocks = readBlocks(parsed.data.blocks, kind);
  if (!blocks) throw refusal('invalid_arguments', ['missing required field: blocks [json-pointer:/view]']);
  const needsSubmit =
    kind === 'modal' && blocks.some((block) => block.type === 'input') && !('submit' in parsed.data);
  if (needsSubmit)
    throw refusal('invalid_arguments', [
      'must define `submit` to use an `input` block in modals [json-pointer:/view]',
    ]);
  return { ...parsed.data, blocks };
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw new SlackError('invalid_json', { cause });
  }
}
