import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Channel, Person } from '../../page-api.ts';
import type { State } from './state.ts';
import type { Workspace } from './workspace.ts';

/** The workspace for the components below; `main.tsx` provides it. */
export const WorkspaceContext = createContext<Workspace | null>(null);

/** The actions of the workspace. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('a component is outside of the workspace');
  return workspace;
}

/** A part of the state; draws again when it changes. `select` must return a part, not a new object. */
export function useView<T>(select: (state: State) => T): T {
  const { subscribe, get } = useWorkspace();
  const read = () => select(get());
  return useSyncExternalStore(subscribe, read, read);
}

const noPeople: readonly Person[] = [];
const noChannels: readonly Channel[] = [];

/** Everyone in the workspace, bots too. */
export function usePeople(): readonly Person[] {
  return useView((state) => state.workspace?.people ?? noPeople);
}

/** All conversations that the person may see. */
export function useChannels(): readonly Channel[] {
  return useView((state) => state.workspace?.channels ?? noChannels);
}

/** Whether nothing can be changed in this conversation any more. */
export function useArchived(channel: string): boolean {
  return useView((state) => state.workspace?.channels.find((one) => one.id === channel)?.isArchived ?? false);
}

/** A person by id. */
export function usePerson(id: string): Person | undefined {
  return usePeople().find((person) => person.id === id);
}
