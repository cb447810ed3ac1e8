import type { StateValues } from '../page-api.ts';
import { APP_ID, BOT_ID, TEAM } from '../seed.ts';
import type { StoredView } from '../store/model.ts';

/** A view as interactive payloads, events and the answers of views.* show it. */
export function viewPayload(stored: StoredView, values: StateValues = {}) {
  const { view } = stored;
  return {
    title: null,
    close: null,
    submit: null,
    clear_on_close: false,
    notify_on_close: false,
    private_metadata: '',
    callback_id: '',
    ...view,
    id: stored.id,
    team_id: TEAM.id,
    app_id: APP_ID,
    app_installed_team_id: TEAM.id,
    bot_id: BOT_ID,
    hash: stored.hash,
    root_view_id: stored.rootId,
    previous_view_id: stored.previousId,
    external_id: stored.externalId,
    state: { values },
  };
}
