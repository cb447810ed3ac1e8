import type { AnyBlock } from '@slack/types';
import type { StateValues } from '../../page-api.ts';

/** What a stateful element holds, in the shape of `state.values[block_id][action_id]`. */
export type ElementValue = { type: string } & Record<string, unknown>;

/** An element of a block as it came, before anything about it is known. */
type LooseElement = { readonly type: string } & Readonly<Record<string, unknown>>;

// For each stateful element: the field that it starts from, the field that it is sent as, and what empty is.
const fields: Record<string, { from: string; to: string; empty: unknown }> = {
  plain_text_input: { from: 'initial_value', to: 'value', empty: null },
  number_input: { from: 'initial_value', to: 'value', empty: null },
  email_text_input: { from: 'initial_value', to: 'value', empty: null },
  url_text_input: { from: 'initial_value', to: 'value', empty: null },
  rich_text_input: { from: 'initial_value', to: 'rich_text_value', empty: null },
  static_select: { from: 'initial_option', to: 'selected_option', empty: null },
  external_select: { from: 'initial_option', to: 'selected_option', empty: null },
  users_select: { from: 'initial_user', to: 'selected_user', empty: null },
  channels_select: { from: 'initial_channel', to: 'selected_channel', empty: null },
  conversations_select: { from: 'initial_conversation', to: 'selected_conversation', empty: null },
  multi_static_select: { from: 'initial_options', to: 'selected_options', empty: [] },
  multi_external_select: { from: 'initial_options', to: 'selected_options', empty: [] },
  multi_users_select: { from: 'initial_users', to: 'selected_users', empty: [] },
  multi_channels_select: { from: 'initial_channels', to: 'selected_channels', empty: [] },
  multi_conversations_select: { from: 'initial_conversations', to: 'selected_conversations', empty: [] },
  checkboxes: { from: 'initial_options', to: 'selected_options', empty: [] },
  radio_buttons: { from: 'initial_option', to: 'selected_option', empty: null },
  datepicker: { from: 'initial_date', to: 'selected_date', empty: null },
  timepicker: { from: 'initial_time', to: 'selected_time', empty: null },
  datetimepicker: { from: 'initial_date_time', to: 'selected_date_time', empty: null },
  file_input: { from: 'initial_files', to: 'files', empty: [] },
};

/** The name of the field that carries an element's value, or null when the element holds none. */
function valueField(type: string): string | null {
  return Object.hasOwn(fields, type) ? (fields[type]?.to ?? null) : null;
}

/** An element's value, as Slack sends it. */
export function elementValue(type: string, value: unknown): ElementValue {
  return { type, [valueField(type) ?? 'value']: value };
}

/** The blocks with an id each, as Slack gives them when the app did not. */
export function withIds<T extends AnyBlock>(blocks: readonly T[]): readonly T[] {
  return blocks.map((block, index) => (block.block_id ? block : { ...block, block_id: `block-${index}` }));
}

/** The values that the elements of some blocks start with. */
export function initialValues(blocks: readonly AnyBlock[]): StateValues {
  const values: StateValues = {};
  for (const block of withIds(blocks)) {
    Object.assign(
      values,
      isList(block, 'child_blocks') ? initialValues(block.child_blocks.filter(isBlock)) : {},
    );
    for (const element of elementsOf(block)) {
      const start = Object.hasOwn(fields, element.type) ? fields[element.type] : undefined;
      const action = element['action_id'];
      if (!start || typeof action !== 'string' || block.block_id === undefined) continue;
      values[block.block_id] = {
        ...values[block.block_id],
        [action]: { type: element.type, [start.to]: element[start.from] ?? start.empty },
      };
    }
  }
  return values;
}

/** The values of the moment: what the person chose, on top of what the blocks start with. */
export function currentValues(blocks: readonly AnyBlock[], chosen: StateValues): StateValues {
  const values = initialValues(blocks);
  for (const [blockId, actions] of Object.entries(values)) {
    for (const [actionId, value] of Object.entries(actions)) {
      const mine = chosen[blockId]?.[actionId];
      if (mine?.type === value.type) actions[actionId] = mine;
    }
  }
  return values;
}

function elementsOf(block: AnyBlock): LooseElement[] {
  const found: unknown[] = [];
  if (isList(block, 'elements')) found.push(...block.elements);
  if ('accessory' in block) found.push(block.accessory);
  if ('element' in block) found.push(block.element);
  return found.filter(isBlock);
}

function isList<K extends string>(block: object, key: K): block is Record<K, readonly unknown[]> {
  return Array.isArray(new Map(Object.entries(block)).get(key));
}

function isBlock(value: unknown): value is LooseElement {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
