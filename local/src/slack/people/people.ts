import type { View } from '@slack/types';
import type { OpenView } from '../page-api.ts';
import { toOpenView } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { createMessageActs } from './acts.ts';
import { createChannelActs } from './channel-acts.ts';
import { createInteractions } from './interactions.ts';
import { createModals } from './modals.ts';

export type People = ReturnType<typeof createPeople>;

/** Everything a person can do in the workspace: the page calls it over HTTP, tests call it as it is. */
export function createPeople(workspace: Workspace) {
  return {
    ...createMessageActs(workspace),
    ...createChannelActs(workspace),
    ...createInteractions(workspace),
    ...createModals(workspace),
    /** The person's open modals, the one on top last. */
    openViews: (person: string): OpenView[] => workspace.store.views.modals(person).map(toOpenView),
    home(person: string): View | null {
      const home = workspace.store.views.home(person);
      return home && toOpenView(home);
    },
  };
}
