import type { ModalView } from '@slack/types';
import type { SessionId } from 'orchestrator/domain';
import { sessionIdSchema } from 'orchestrator/domain';
import { z } from 'zod';
import type { ThreadState, TurnView } from '../thread-view/thread-state.ts';
import { PULL_REQUEST_FORM } from './action-ids.ts';
import { LIMITS, truncate } from './limits.ts';
import { clean, oneLine } from './text.ts';

/** The domain takes titles of at most 250 characters. */
const TITLE_MAX = 250;

export const FORM_BLOCKS = { title: 'title', body: 'body', draft: 'draft' } as const;
const INPUT = 'value';

/** The form behind "Create PR", filled in from what the agent reported. */
export function pullRequestForm(state: ThreadState, turn: TurnView | null): ModalView {
  const title = truncate(oneLine(state.title), TITLE_MAX);
  const body = truncate(clean(turn?.summary ?? ''), LIMITS.inputValue);
  return {
    type: 'modal',
    callback_id: PULL_REQUEST_FORM,
    private_metadata: state.sessionId,
    title: { type: 'plain_text', text: 'Create pull request' },
    submit: { type: 'plain_text', text: 'Create' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      {
        type: 'input',
        block_id: FORM_BLOCKS.title,
        label: { type: 'plain_text', text: 'Title' },
        element: {
          type: 'plain_text_input',
          action_id: INPUT,
          max_length: TITLE_MAX,
          ...(title !== '' && { initial_value: title }),
        },
      },
      {
        type: 'input',
        block_id: FORM_BLOCKS.body,
        optional: true,
        label: { type: 'plain_text', text: 'Description' },
        element: {
          type: 'plain_text_input',
          action_id: INPUT,
          multiline: true,
          max_length: LIMITS.inputValue,
          ...(body.trim() !== '' && { initial_value: body }),
        },
      },
      {
        type: 'input',
        block_id: FORM_BLOCKS.draft,
        optional: true,
        label: { type: 'plain_text', text: 'Options' },
        element: {
          type: 'checkboxes',
          action_id: INPUT,
          options: [{ text: { type: 'plain_text', text: 'Draft' }, value: 'draft' }],
        },
      },
    ],
  };
}

const submissionSchema = z.object({
  private_metadata: sessionIdSchema,
  state: z.object({
    values: z.object({
      title: z.object({ value: z.object({ value: z.string().nullish() }) }),
      body: z.object({ value: z.object({ value: z.string().nullish() }) }).optional(),
      draft: z.object({ value: z.object({ selected_options: z.array(z.unknown()).nullish() }) }).optional(),
    }),
  }),
});

export type PullRequestWish = {
  readonly sessionId: SessionId;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
};

/** What was filled in. Throws ZodError when the view is none of ours. */
export function readPullRequestForm(view: unknown): PullRequestWish {
  const { private_metadata: sessionId, state } = submissionSchema.parse(view);
  const { title, body, draft } = state.values;
  return {
    sessionId,
    title: (title.value.value ?? '').trim().slice(0, TITLE_MAX),
    body: body?.value.value ?? '',
    draft: (draft?.value.selected_options ?? []).length > 0,
  };
}
