import type { AnyBlock } from '@slack/types';
import { z } from 'zod';
import { refusal, SlackError } from '../errors.ts';
import { newSecret } from '../ids.ts';
import type { Attachment } from '../store/model.ts';
import { contextActions, plan, taskCard } from './agent.ts';
import {
  actions,
  context,
  divider,
  file,
  header,
  imageBlock,
  input,
  markdown,
  section,
  video,
} from './layout.ts';
import { richText } from './rich-text.ts';
import { alert, card, carousel, container, dataTable, table } from './structured.ts';

export type Surface = 'message' | 'modal' | 'home';

const MAX_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
/** Measured by others (bolt-js #2509): where all blocks of a message together become msg_blocks_too_long. */
const MAX_CHARACTERS = 13_200;
/** Over all markdown blocks of a message. */
const MAX_MARKDOWN = 12_000;
const MAX_ATTACHMENTS = 100;

const everywhere = [actions, context, divider, header, imageBlock, input, richText, section, video] as const;
const inMessages = [
  alert,
  card,
  carousel,
  container,
  contextActions,
  dataTable,
  file,
  markdown,
  plan,
  table,
  taskCard,
] as const;

const messageBlock = z.discriminatedUnion('type', [...everywhere, ...inMessages]);
const viewBlock = z.discriminatedUnion('type', [...everywhere, alert, container]);

const attachments = z
  .array(
    z.looseObject({
      color: z.string().exactOptional(),
      text: z.string().exactOptional(),
      fallback: z.string().exactOptional(),
      blocks: z.unknown().optional(),
    }),
  )
  .max(MAX_ATTACHMENTS);

/**
 * Reads the `blocks` argument of a message or view: checks all that Slack checks, and gives every block and
 * element the id that Slack would give it. Null when there is no such argument. Throws invalid_blocks_format,
 * invalid_blocks and msg_blocks_too_long.
 */
export function readBlocks(value: unknown, surface: Surface): AnyBlock[] | null {
  if (value === undefined || value === null || value === '') return null;
  const blocks = z.array(z.looseObject({ type: z.string() })).safeParse(fromJson(value));
  if (!blocks.success) throw new SlackError('invalid_blocks_format');
  if (blocks.data.length > MAX_BLOCKS[surface])
    throw refusal('invalid_blocks', [
      `no more than ${MAX_BLOCKS[surface]} items allowed [json-pointer:/blocks]`,
    ]);
  const schema = surface === 'message' ? messageBlock : viewBlock;
  const checked = z.array(schema).safeParse(blocks.data);
  if (!checked.success) throw refusal('invalid_blocks', checked.error.issues.map(describe));
  checkWhole(checked.data, surface);
  return checked.data.map(withIds);
}

/** Reads the `attachments` argument; their blocks obey the same rules. Throws invalid_attachments. */
export function readAttachments(value: unknown): Attachment[] | null {
  if (value === undefined || value === null || value === '') return null;
  const parsed = attachments.safeParse(fromJson(value));
  if (!parsed.success) throw new SlackError('invalid_attachments');
  return parsed.data.map(({ blocks, ...rest }) => {
    const read = readBlocks(blocks, 'message');
    return read ? { ...rest, blocks: read } : rest;
  });
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value; // not a list: refused by the schema
  }
}

type Block = z.infer<typeof messageBlock>;

/** The rules about all blocks together. */
function checkWhole(blocks: readonly Block[], surface: Surface): void {
  const ids = blocks.flatMap((block) => (block.block_id ? [block.block_id] : []));
  const doubled = ids.find((id, index) => ids.indexOf(id) !== index);
  if (doubled) throw refusal('invalid_blocks', [`block_id already exists: ${doubled}`]);
  const tables = blocks.filter((block) => block.type === 'table');
  if (tables.length > 1) throw refusal('invalid_blocks', ['only_one_table_allowed']);
  const markdownLength = blocks
    .map((block) => (block.type === 'markdown' ? block.text.length : 0))
    .reduce((sum, length) => sum + length, 0);
  if (markdownLength > MAX_MARKDOWN)
    throw refusal('invalid_blocks', [
      `must be less than ${MAX_MARKDOWN + 1} characters in all markdown blocks`,
    ]);
  if (surface === 'message' && textLength(blocks) > MAX_CHARACTERS)
    throw new SlackError('msg_blocks_too_long');
}

/** The characters of everything that a person reads in the blocks. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) =>
      sum +
      (typeof item === 'string' && (key === 'text' || key === 'title') ? item.length : textLength(item)),
    0,
  );
}

function describe(issue: z.core.$ZodIssue): string {
  const pointer = `[json-pointer:/blocks/${issue.path.join('/')}]`;
  if (issue.code === 'unrecognized_keys')
    return `invalid additional property: ${issue.keys.join(', ')} ${pointer}`;
  if (issue.code === 'invalid_union') return `unsupported type ${pointer}`;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return `missing required field: ${String(issue.path.at(-1))} ${pointer}`;
  return `${issue.message} ${pointer}`;
}

const identified = z.looseObject({ type: z.string(), action_id: z.string().optional() });
const INTERACTIVE =
  /^(button|checkboxes|radio_buttons|overflow|datepicker|datetimepicker|timepicker|workflow_button|feedback_buttons|icon_button|file_input|.*_select|.*_input)$/;

/** Slack names what the app did not: five random characters for a block, five for an element. */
function withIds(block: Block): AnyBlock {
  const named = { block_id: newSecret().slice(0, 5), ...block };
  return z.custom<AnyBlock>().parse(withActionIds(named));
}

function withActionIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withActionIds);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withActionIds(item)]));
  const element = identified.safeParse(inner);
  const isUnnamed = element.success && INTERACTIVE.test(element.data.type) && !element.data.action_id;
  return isUnnamed ? { ...inner, action_id: newSecret().slice(0, 5) } : inner;
}
