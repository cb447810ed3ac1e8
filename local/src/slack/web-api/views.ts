import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { viewPayload } from '../people/view-payload.ts';
import type { StoredView } from '../store/model.ts';
import { openModal, publishHome, pushModal, updateModal } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { findUser } from './lookups.ts';
import { type Method, method } from './method.ts';

const answer = (stored: StoredView): object => ({ view: viewPayload(stored) });
const triggered = z.object({ trigger_id: z.string(), view: z.unknown().optional() });

function findView(
  { store }: Workspace,
  args: { view_id?: string | undefined; external_id?: string | undefined },
) {
  const byId = args.view_id ? store.views.get(args.view_id) : null;
  const view = byId ?? store.views.byExternalId(args.external_id ?? '');
  if (!view) throw new SlackError('not_found');
  return view;
}

export const viewMethods: Record<string, Method> = {
  'views.open': method({
    args: triggered,
    run: (workspace, args) =>
      answer(openModal(workspace, workspace.triggers.redeem(args.trigger_id).user, args.view)),
  }),
  'views.push': method({
    args: triggered,
    run: (workspace, args) =>
      answer(pushModal(workspace, workspace.triggers.redeem(args.trigger_id).user, args.view)),
  }),
  'views.update': method({
    args: z.object({
      view_id: z.string().optional(),
      external_id: z.string().optional(),
      hash: z.string().optional(),
      view: z.unknown().optional(),
    }),
    run: (workspace, args) => answer(updateModal(workspace, findView(workspace, args), args)),
  }),
  'views.publish': method({
    args: z.object({ user_id: z.string(), hash: z.string().optional(), view: z.unknown().optional() }),
    run: (workspace, args) => answer(publishHome(workspace, findUser(workspace, args.user_id).id, args)),
  }),
};
