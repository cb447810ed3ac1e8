import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { readDiff } from '../diff.ts';
import type { Host } from '../host.ts';
import type { PullRequest, PullRequestKey } from '../pull-request-store.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Repository } from '../repositories.ts';
import { page } from './layout.ts';
import { type PullPage, pullUrl } from './pull-page.ts';
import { pullList, pullView } from './pull-view.ts';
import { nothingHere, personOf, repositoryFrame, repositoryOf } from './visit.ts';

const states = ['open', 'merged', 'closed'] as const;
const listQuery = z.object({ state: z.enum(states).default('open') });
const commentForm = z.object({ body: z.string().trim().min(1).max(100_000) });
const mergeForm = z.object({ headSha: z.string().regex(/^[0-9a-f]{40,64}$/) });
const liveQuery = z.object({ after: z.coerce.number().int().min(0) });
const eventOfOne = z.object({ repository: z.string(), number: z.number() });

const shownCommits = 100;

/** Adds the pages of pull requests, and the forms on them. */
export function addPullPages(pages: Hono, host: Host): void {
  const one = '/:owner/:name/pull/:number{[0-9]+}';
  pages.get('/:owner/:name/pulls', (context) => showList(context, host));
  pages.get(one, (context) => showOne(context, host, null));
  pages.get(`${one}/live`, (context) => follow(context, host));
  pages.post(`${one}/:act{comment|merge|close|reopen|ready}`, async (context) => {
    const key = keyOf(context);
    const form: unknown = Object.fromEntries(await context.req.formData());
    const result = await act(host, { key, name: context.req.param('act'), by: personOf(context), form });
    if (isRefusal(result)) return showOne(context, host, result);
    return context.redirect(pullUrl(key), 303);
  });
}

type Pressed = {
  readonly key: PullRequestKey;
  readonly name: string;
  readonly by: string;
  readonly form: unknown;
};

async function act(host: Host, { key, name, by, form }: Pressed): Promise<Refusal | object> {
  const { pullRequests } = host;
  switch (name) {
    case 'comment': {
      const { success, data } = commentForm.safeParse(form);
      return success
        ? pullRequests.comment(key, { author: by, body: data.body })
        : refuse('invalid', 'the comment is empty');
    }
    case 'merge': {
      const { success, data } = mergeForm.safeParse(form);
      const headSha = data?.headSha;
      return success
        ? pullRequests.merge(key, { by, headSha })
        : refuse('invalid', 'the form named no commit');
    }
    case 'ready':
      return pullRequests.edit(key, { draft: false });
    case 'close':
      return pullRequests.close(key, by);
    default:
      return pullRequests.reopen(key, by);
  }
}

async function showList(context: Context, host: Host) {
  const repository = await repositoryOf(context, host);
  const query = listQuery.safeParse(context.req.query());
  if (!repository || !query.success) return nothingHere(context);
  await host.pullRequests.sync(repository);
  const all = host.store.list({ repository: repository.name });
  const count = (state: PullRequest['state']) => all.filter((one) => one.state === state).length;
  const counts = { open: count('open'), merged: count('merged'), closed: count('closed') };
  const { state } = query.data;
  const pullRequests = all.filter((one) => one.state === state);
  const frame = repositoryFrame(context, host, { of: repository, tab: 'pulls' });
  const content = pullList({ repository, state, pullRequests, counts });
  return context.html(page({ ...frame, title: `Pull requests · ${repository.name}` }, content));
}

async function showOne(context: Context, host: Host, refusal: Refusal | null) {
  const repository = await repositoryOf(context, host);
  const pullRequest = repository && (await host.pullRequests.get(keyOf(context)));
  if (!repository || !pullRequest) return nothingHere(context);
  const live = `${pullUrl(pullRequest)}/live?after=${host.feed.lastId()}`;
  const shown = await gather(host, { repository, pullRequest, person: personOf(context) });
  const frame = repositoryFrame(context, host, { of: repository, tab: 'pulls' });
  const content = pullView({ ...shown, notice: refusal?.reason ?? null });
  const title = `${pullRequest.title} · #${pullRequest.number}`;
  return context.html(page({ ...frame, title, live }, content), refusal ? 409 : 200);
}

type About = { readonly repository: Repository; readonly pullRequest: PullRequest; readonly person: string };

async function gather(host: Host, about: About): Promise<Omit<PullPage, 'notice'>> {
  const { repository, pullRequest } = about;
  const range = await host.range(pullRequest);
  if (!range) throw new Error(`no repository ${repository.name}`);
  const { from: since, to: of } = range;
  const [commits, diff, trial] = await Promise.all([
    host.objects(repository).commits({ of, since, limit: shownCommits }),
    readDiff({ git: host.git, ...range }),
    host.pullRequests.trial(pullRequest),
  ]);
  const comments = host.store.comments(pullRequest);
  const checks = host.store.checks(repository.name, pullRequest.headSha);
  return { ...about, commits: commits.reverse(), comments, checks, diff, trial };
}

/** Tells an open page that its pull request changed. */
function follow(context: Context, host: Host) {
  const { repository, number } = keyOf(context);
  const query = liveQuery.safeParse(context.req.query());
  if (!query.success) return nothingHere(context);
  return streamSSE(context, async (stream) => {
    const ended = new AbortController();
    stream.onAbort(() => ended.abort());
    const signal = AbortSignal.any([ended.signal, host.closing]);
    for await (const { id, data } of host.feed.follow(query.data.after, signal)) {
      const about = eventOfOne.parse(JSON.parse(data));
      if (about.repository !== repository || about.number !== number) continue;
      await stream.writeSSE({ id: String(id), event: 'changed', data: '' });
    }
  });
}

function keyOf(context: Context): PullRequestKey {
  const { owner, name, number } = context.req.param();
  return { repository: `${owner}/${name}`, number: Number(number) };
}
