import { isRefused, REFUSALS } from 'orchestrator/domain';
import { FORM_BLOCKS, readPullRequestForm } from '../views/pull-request-form.ts';
import type { ListenerDeps } from './listener-deps.ts';

/** What Slack shows in the form instead of closing it: a sentence by the id of the block that it is about. */
export type FormErrors = Readonly<Record<string, string>>;

/** The filled-in form, turned into a request for a pull request. Null: it is under way, the form can close. */
export async function onPullRequestForm(
  deps: ListenerDeps,
  submission: { readonly user: string; readonly view: unknown },
): Promise<FormErrors | null> {
  const { sessionId, title, body, draft } = readPullRequestForm(submission.view);
  if (title === '') return { [FORM_BLOCKS.title]: 'Give it a title.' };
  const actor = await deps.directory.member(submission.user);
  const requested = await deps.deckhand.send(
    sessionId,
    { type: 'request_pull_request', title, body, draft },
    actor,
  );
  return isRefused(requested) ? { [FORM_BLOCKS.title]: REFUSALS[requested.refused] } : null;
}
