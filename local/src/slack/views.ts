import { z } from 'zod';
import { readView } from './blocks/view.ts';
import { SlackError } from './errors.ts';
import { newId, newSecret } from './ids.ts';
import type { OpenView, PageEvent } from './page-api.ts';
import type { StoredView, ViewContent } from './store/model.ts';
import type { Workspace } from './workspace.ts';

/** Slack stacks at most three modals. */
const MAX_STACK = 3;

/** `hash` is the one that the app saw last; given, it guards against overwriting a newer view. */
export type ViewChange = { readonly view?: unknown; readonly hash?: string | undefined };

/** A stored view as the page shows it. */
export function toOpenView(stored: StoredView): OpenView {
  return z.custom<OpenView>().parse({ ...stored.view, id: stored.id });
}

function newView(
  workspace: Workspace,
  view: { user: string; content: ViewContent; previous: StoredView | null },
) {
  const id = newId('V');
  const externalId = z.string().catch('').parse(view.content['external_id']);
  if (workspace.store.views.byExternalId(externalId)) throw new SlackError('duplicate_external_id');
  const stored: StoredView = {
    id,
    kind: view.content.type,
    user: view.user,
    hash: `${workspace.newTs()}.${newSecret().slice(0, 8)}`,
    rootId: view.previous?.rootId ?? id,
    previousId: view.previous?.id ?? null,
    externalId,
    view: view.content,
  };
  return stored;
}

function show(
  workspace: Workspace,
  type: 'view_opened' | 'view_pushed' | 'view_updated',
  stored: StoredView,
): void {
  workspace.store.views.put(stored);
  const event: PageEvent = { type, view: toOpenView(stored) };
  workspace.page.publish(event, [stored.user]);
}

/** Opens a modal for a person; one that is open already is replaced, as a new root. */
export function openModal(workspace: Workspace, user: string, view: unknown): StoredView {
  const stored = newView(workspace, { user, content: readView(view, 'modal'), previous: null });
  closeModals(workspace, user);
  show(workspace, 'view_opened', stored);
  return stored;
}

/** Puts a modal on top of the person's open one. Throws not_found or push_limit_reached. */
export function pushModal(workspace: Workspace, user: string, view: unknown): StoredView {
  const stack = workspace.store.views.modals(user);
  const top = stack.at(-1);
  if (!top) throw new SlackError('not_found');
  if (stack.length >= MAX_STACK) throw new SlackError('push_limit_reached');
  const stored = newView(workspace, { user, content: readView(view, 'modal'), previous: top });
  show(workspace, 'view_pushed', stored);
  return stored;
}

/** Replaces what a view shows. Throws hash_conflict when `hash` is given and not the newest. */
export function updateModal(workspace: Workspace, stored: StoredView, change: ViewChange) {
  if (change.hash && change.hash !== stored.hash) throw new SlackError('hash_conflict');
  const content = readView(change.view, stored.kind);
  const hash = `${workspace.newTs()}.${newSecret().slice(0, 8)}`;
  const updated: StoredView = { ...stored, hash, view: content };
  show(workspace, 'view_updated', updated);
  return updated;
}

/** Sets what a person's Home shows. */
export function publishHome(workspace: Workspace, user: string, change: ViewChange) {
  const content = readView(change.view, 'home');
  const previous = workspace.store.views.home(user);
  if (previous && change.hash && change.hash !== previous.hash) throw new SlackError('hash_conflict');
  const fresh = newView(workspace, { user, content, previous: null });
  const stored = previous ? { ...fresh, id: previous.id, rootId: previous.id } : fresh;
  workspace.store.views.put(stored);
  workspace.page.publish({ type: 'home', view: toOpenView(stored) }, [user]);
  return stored;
}

/** Takes one modal off the person's screen. */
export function closeModal(workspace: Workspace, stored: StoredView): void {
  workspace.store.views.remove(stored.id);
  workspace.page.publish({ type: 'view_closed', viewId: stored.id }, [stored.user]);
}

/** Takes all of the person's modals off the screen, the top one first. */
export function closeModals(workspace: Workspace, user: string): void {
  for (const stored of workspace.store.views.modals(user).reverse()) closeModal(workspace, stored);
}
