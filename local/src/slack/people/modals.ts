import { z } from 'zod';
import { SlackError } from '../errors.ts';
import type { CloseView, StateValues, SubmitView } from '../page-api.ts';
import type { StoredView } from '../store/model.ts';
import { closeModal, closeModals, pushModal, updateModal } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { commonFields } from './interactions.ts';
import { viewPayload } from './view-payload.ts';

export type SubmitAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly errors: Record<string, string> }
  | { readonly ok: false; readonly warning: string };

const NO_ANSWER = 'The app did not answer in time. Your input is still here; try again.';
const REQUIRED = 'Please complete this required field.';

const ackPayload = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('push'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

const inputBlock = z.object({
  type: z.literal('input'),
  block_id: z.string(),
  optional: z.boolean().default(false),
  element: z.object({ action_id: z.string() }),
});

/** Submitting and closing modals. */
export function createModals(workspace: Workspace) {
  const { hub, store, triggers } = workspace;
  const openView = (person: string, id: string): StoredView => {
    const view = store.views.get(id);
    if (!view || view.user !== person || view.kind !== 'modal') throw new SlackError('view_not_found');
    return view;
  };
  return {
    async submit({ as, viewId, values }: SubmitView): Promise<SubmitAnswer> {
      const view = openView(as, viewId);
      const missing = missingInputs(view, values);
      if (Object.keys(missing).length > 0) return { ok: false, errors: missing };
      const ack = await hub.send({
        type: 'interactive',
        payload: {
          ...commonFields(workspace, as),
          type: 'view_submission',
          trigger_id: triggers.issue({ user: as, viewId }),
          view: viewPayload(view, values),
          response_urls: [],
        },
      });
      if (ack === null) return { ok: false, warning: NO_ANSWER };
      return settle(workspace, view, ack);
    },

    /** Slack tells the app only when the view asked for it, and does not wait for an answer. */
    close({ as, viewId }: CloseView): void {
      const view = openView(as, viewId);
      const isCleared = view.view.clear_on_close === true;
      if (isCleared) closeModals(workspace, as);
      else closeModal(workspace, view);
      if (view.view.notify_on_close !== true) return;
      const payload = {
        ...commonFields(workspace, as),
        type: 'view_closed',
        view: viewPayload(view),
        is_cleared: isCleared,
      };
      void hub.send({ type: 'interactive', payload });
    },
  };
}

/** Does what the app's ack asks for; an empty ack closes the view. */
function settle(workspace: Workspace, view: StoredView, ack: unknown): SubmitAnswer {
  const parsed = ackPayload.safeParse(ack);
  if (!parsed.success) {
    closeModal(workspace, view);
    return { ok: true };
  }
  const action = parsed.data;
  switch (action.response_action) {
    case 'errors':
      return { ok: false, errors: action.errors };
    case 'update':
      updateModal(workspace, view, { view: action.view });
      return { ok: true };
    case 'push':
      pushModal(workspace, view.user, action.view);
      return { ok: true };
    case 'clear':
      closeModals(workspace, view.user);
      return { ok: true };
  }
}

function missingInputs({ view }: StoredView, values: StateValues): Record<string, string> {
  const inputs = view.blocks.map((block) => inputBlock.safeParse(block)).filter((parsed) => parsed.success);
  const missing = inputs
    .map((parsed) => parsed.data)
    .filter((input) => !input.optional && !hasValue(values[input.block_id]?.[input.element.action_id]));
  return Object.fromEntries(missing.map((input) => [input.block_id, REQUIRED]));
}

/** Whether an element's state holds something, whatever its type calls the field. */
function hasValue(state: StateValues[string][string] | undefined): boolean {
  if (!state) return false;
  const { type: _type, ...fields } = state;
  return Object.values(fields).some((field) =>
    Array.isArray(field) ? field.length > 0 : field !== null && field !== undefined && field !== '',
  );
}
