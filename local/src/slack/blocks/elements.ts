import { z } from 'zod';
import { richText } from './rich-text.ts';
import { anyText, list, plainText, shortId, text, url } from './text.ts';

const confirm = z
  .strictObject({
    title: plainText(100).optional(),
    text: anyText(300),
    confirm: plainText(30).optional(),
    deny: plainText(30).optional(),
    style: z.enum(['primary', 'danger']).optional(),
  })
  .optional();

/** What every element that a person acts on has. */
const actionable = { action_id: shortId.optional() };
const focus = { focus_on_load: z.boolean().optional() };
const placeholder = { placeholder: plainText(150).optional() };
const dispatch = {
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional(),
    })
    .optional(),
};
const label = { accessibility_label: text(75).optional() };

export const button = z.strictObject({
  ...actionable,
  ...label,
  type: z.literal('button'),
  text: plainText(75),
  value: z.string().max(2000, 'must be less than 2001 characters').optional(),
  url: url.optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm,
});

const option = (optionText: typeof plainOptionText | typeof anyOptionText) =>
  z.strictObject({
    text: optionText,
    value: text(150),
    url: url.optional(),
    description: plainText(75).optional(),
  });
const plainOptionText = plainText(75);
const anyOptionText = anyText(75);
const plainOption = option(plainOptionText);
const anyOption = option(anyOptionText);

const chosen = {
  checkboxes: z.strictObject({
    ...actionable,
    ...focus,
    type: z.literal('checkboxes'),
    options: list(anyOption, { max: 10 }),
    initial_options: z.array(anyOption).optional(),
    confirm,
  }),
  radio: z.strictObject({
    ...actionable,
    ...focus,
    type: z.literal('radio_buttons'),
    options: list(anyOption, { max: 10 }),
    initial_option: anyOption.optional(),
    confirm,
  }),
  overflow: z.strictObject({
    ...actionable,
    type: z.literal('overflow'),
    options: list(plainOption, { max: 5 }),
    confirm,
  }),
};

const pickers = {
  date: z.strictObject({
    ...actionable,
    ...focus,
    ...placeholder,
    type: z.literal('datepicker'),
    initial_date: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d$/)
      .optional(),
    confirm,
  }),
  dateTime: z.strictObject({
    ...actionable,
    ...focus,
    type: z.literal('datetimepicker'),
    initial_date_time: z.number().int().optional(),
    confirm,
  }),
  time: z.strictObject({
    ...actionable,
    ...focus,
    ...placeholder,
    type: z.literal('timepicker'),
    initial_time: z
      .string()
      .regex(/^\d\d:\d\d$/)
      .optional(),
    timezone: z.string().optional(),
    confirm,
  }),
};

const optionGroup = z.strictObject({ label: plainText(75), options: list(plainOption, { max: 100 }) });
const choices = {
  options: list(plainOption, { max: 100 }).optional(),
  option_groups: list(optionGroup, { max: 100 }).optional(),
};
const conversationFilter = z
  .strictObject({
    include: z.array(z.enum(['im', 'mpim', 'private', 'public'])).optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .optional();
const select = { ...actionable, ...focus, ...placeholder, confirm };
const multi = { ...select, max_selected_items: z.number().int().min(1).optional() };
const ids = z.array(z.string()).optional();
const id = z.string().optional();
const respond = { response_url_enabled: z.boolean().optional() };
const conversation = { default_to_current_conversation: z.boolean().optional(), filter: conversationFilter };
const hasChoices = (element: { options?: unknown; option_groups?: unknown }): boolean =>
  (element.options === undefined) !== (element.option_groups === undefined);
const ONE_OF = 'must have exactly one of options and option_groups';

const selects = [
  z
    .strictObject({
      ...select,
      ...choices,
      type: z.literal('static_select'),
      initial_option: plainOption.optional(),
    })
    .refine(hasChoices, ONE_OF),
  z
    .strictObject({
      ...multi,
      ...choices,
      type: z.literal('multi_static_select'),
      initial_options: z.array(plainOption).optional(),
    })
    .refine(hasChoices, ONE_OF),
  z.strictObject({
    ...select,
    type: z.literal('external_select'),
    initial_option: plainOption.optional(),
    min_query_length: z.number().int().optional(),
  }),
  z.strictObject({
    ...multi,
    type: z.literal('multi_external_select'),
    initial_options: z.array(plainOption).optional(),
    min_query_length: z.number().int().optional(),
  }),
  z.strictObject({ ...select, type: z.literal('users_select'), initial_user: id }),
  z.strictObject({ ...multi, type: z.literal('multi_users_select'), initial_users: ids }),
  z.strictObject({ ...select, ...respond, type: z.literal('channels_select'), initial_channel: id }),
  z.strictObject({ ...multi, type: z.literal('multi_channels_select'), initial_channels: ids }),
  z.strictObject({
    ...select,
    ...respond,
    ...conversation,
    type: z.literal('conversations_select'),
    initial_conversation: id,
  }),
  z.strictObject({
    ...multi,
    ...conversation,
    type: z.literal('multi_conversations_select'),
    initial_conversations: ids,
  }),
] as const;

const typed = { ...actionable, ...focus, ...placeholder, ...dispatch, initial_value: z.string().optional() };
const inputs = [
  z.strictObject({
    ...typed,
    type: z.literal('plain_text_input'),
    multiline: z.boolean().optional(),
    min_length: z.number().int().min(0).max(3000).optional(),
    max_length: z.number().int().min(1).max(3000).optional(),
  }),
  z.strictObject({ ...typed, type: z.literal('email_text_input') }),
  z.strictObject({ ...typed, type: z.literal('url_text_input') }),
  z.strictObject({
    ...typed,
    type: z.literal('number_input'),
    is_decimal_allowed: z.boolean(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
  z.strictObject({
    ...actionable,
    type: z.literal('file_input'),
    filetypes: z.array(z.string()).optional(),
    max_files: z.number().int().min(1).max(10).optional(),
  }),
] as const;
const richTextInput = z.strictObject({
  ...actionable,
  ...focus,
  ...placeholder,
  ...dispatch,
  type: z.literal('rich_text_input'),
  initial_value: richText.optional(),
  min_lines: z.number().int().min(1).max(100).optional(),
  max_lines: z.number().int().min(1).max(100).optional(),
});

const workflowButton = z.strictObject({
  ...actionable,
  ...label,
  type: z.literal('workflow_button'),
  text: plainText(75),
  workflow: z.looseObject({ trigger: z.looseObject({ url }) }),
  style: z.enum(['primary', 'danger']).optional(),
  confirm,
});

/** An image beside text; either a web address or a file of the workspace. */
export const image = z
  .strictObject({
    type: z.literal('image'),
    alt_text: text(2000),
    image_url: url.optional(),
    slack_file: z.strictObject({ id: z.string().optional(), url: z.string().optional() }).optional(),
  })
  .refine(
    (value) => (value.image_url === undefined) !== (value.slack_file === undefined),
    'must have exactly one of image_url and slack_file',
  );

const { checkboxes, radio, overflow } = chosen;
const { date, dateTime, time } = pickers;
const common = [checkboxes, radio, date, dateTime, time, ...selects] as const;

export const actionElement = z.discriminatedUnion('type', [
  button,
  overflow,
  workflowButton,
  richTextInput,
  ...common,
]);
export const accessory = z.discriminatedUnion('type', [button, overflow, workflowButton, image, ...common]);
export const inputElement = z.discriminatedUnion('type', [...inputs, richTextInput, ...common]);

const feedback = z.strictObject({ ...label, text: plainText(75), value: text(2000) });

/** The two kinds of element in a context_actions block. */
export const contextAction = z.discriminatedUnion('type', [
  z.strictObject({
    ...actionable,
    type: z.literal('feedback_buttons'),
    positive_button: feedback,
    negative_button: feedback,
  }),
  z.strictObject({
    ...actionable,
    ...label,
    type: z.literal('icon_button'),
    icon: z.string(),
    text: plainText(75),
    value: z.string().max(2000).optional(),
    visible_to_user_ids: z.array(z.string()).optional(),
    confirm,
  }),
]);
