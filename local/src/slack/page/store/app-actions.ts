import type { Press, StateValues } from '../../page-api.ts';
import type { Api } from '../api.ts';
import type { Outcome } from '../wire.ts';
import type { Cell } from './cell.ts';
import { sentence } from './message-actions.ts';
import type { State } from './state.ts';

const silent = 'The app did not answer in time.';

/** Everything that a person does to the app rather than to a message. */
export function createAppActions({ cell, api }: { cell: Cell<State>; api: Api }) {
  const me = () => cell.get().me;
  const say = (toast: string) => cell.update((state) => ({ ...state, toast }));
  const caught = (error: unknown): Outcome => ({ ok: false, warning: sentence(error) });

  /** Presses an element; resolves with the warning to show beside it, or null when the app took it. */
  async function press(body: Omit<Press, 'as'>): Promise<string | null> {
    const outcome = await api.press({ as: me(), ...body }).catch(caught);
    return outcome.ok ? null : (outcome.warning ?? silent);
  }

  const submit = (viewId: string, values: StateValues): Promise<Outcome> =>
    api.submit({ as: me(), viewId, values }).catch(caught);

  async function closeModal(viewId: string): Promise<void> {
    cell.update((state) => ({ ...state, modals: state.modals.filter((view) => view.id !== viewId) }));
    // The modal is gone for the person either way; the app hears of it when it asked to.
    await api.closeView({ as: me(), viewId }).catch((error: unknown) => say(sentence(error)));
  }

  /** Runs a slash command; resolves with the warning to show at the composer, or null. */
  async function command(channel: string, text: string): Promise<string | null> {
    const outcome = await api.command({ as: me(), channel, text }).catch(caught);
    return outcome.ok ? null : (outcome.warning ?? silent);
  }

  async function shortcut(callbackId: string, message?: { channel: string; ts: string }): Promise<void> {
    const outcome = await api
      .shortcut({ as: me(), callbackId, ...(message ? { message } : {}) })
      .catch(caught);
    if (!outcome.ok) say(outcome.warning ?? silent);
  }

  const upload = (file: File) => api.upload(me(), file);
  const dismissToast = () => cell.update((state) => ({ ...state, toast: null }));

  return { press, submit, closeModal, command, shortcut, upload, say, dismissToast };
}
