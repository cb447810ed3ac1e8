import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { readDiff, readPatch } from './diff.ts';
import type { DiffRange, Host } from './host.ts';
import { branchName, repositoryName } from './names.ts';
import type { PullRequest, PullRequestKey } from './pull-request-store.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';

const title = z.string().trim().min(1).max(300);
const body = z.string().max(100_000);
const name = z.string().trim().min(1).max(80);
const webUrl = z.url({ protocol: /^https?$/ }).max(2_000);
const by = z.object({ by: name.default('Deckhand') });

const newRepository = z.object({
  name: repositoryName,
  description: z.string().max(300).default(''),
  defaultBranch: branchName.default('main'),
});
const newPullRequest = z.object({
  title,
  body: body.default(''),
  head: branchName,
  base: branchName,
  draft: z.boolean().default(false),
  author: name.default('Deckhand'),
  sessionUrl: webUrl.nullable().default(null),
});
const pullRequestChanges = z
  .object({ title: title, body: body, draft: z.boolean(), sessionUrl: webUrl })
  .partial()
  .strict();
const mergeOrder = z.object({ by: name.default('Deckhand'), headSha: z.string().optional() });
const newComment = z.object({ author: name.default('Deckhand'), body: body.min(1) });
const newCheck = z.object({
  name: name,
  status: z.enum(['pending', 'passed', 'failed', 'skipped']),
  summary: z.string().max(10_000).default(''),
});
const pullFilter = z.object({
  state: z.enum(['open', 'merged', 'closed']).optional(),
  head: z.string().optional(),
});
const commitFilter = z.object({
  ref: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const eventCursor = z.coerce.number().int().min(0);

const heartbeatMs = 15_000;
const statusOf = { not_found: 404, conflict: 409, invalid: 422 } as const;

/** The REST API under `/api`, for programs. Every request needs the bearer token. */
export function createApi(host: Host): Hono {
  const api = new Hono();
  api.use(async (context, next) => {
    if (host.token.allows(context.req.header('authorization'))) return next();
    return context.json({ code: 'unauthorized', message: 'a valid token is needed' }, 401);
  });
  addRepositories(api, host);
  addPullRequests(api, host);
  addConversation(api, host);
  addEvents(api, host);
  api.all('*', (context) => no(context, refuse('not_found', 'there is nothing at this address')));
  return api;
}

function addRepositories(api: Hono, host: Host): void {
  const one = '/repositories/:owner/:name';
  api.get('/repositories', async (context) => {
    return context.json((await host.repositories.list()).map(host.describeRepository));
  });
  api.post('/repositories', async (context) => {
    const input = newRepository.safeParse(await readJson(context));
    if (!input.success) return no(context, invalid(input.error));
    const made = await host.repositories.create(input.data);
    return isRefusal(made) ? no(context, made) : context.json(host.describeRepository(made), 201);
  });
  api.get(one, async (context) => {
    const repository = await host.repositories.find(repositoryOf(context));
    return repository ? context.json(host.describeRepository(repository)) : no(context, noRepository);
  });
  api.get(`${one}/branches`, async (context) => {
    const repository = await host.repositories.find(repositoryOf(context));
    return repository ? context.json(await host.objects(repository).branches()) : no(context, noRepository);
  });
  api.get(`${one}/commits`, async (context) => {
    const filter = commitFilter.safeParse(context.req.query());
    if (!filter.success) return no(context, invalid(filter.error));
    const repository = await host.repositories.find(repositoryOf(context));
    if (!repository) return no(context, noRepository);
    const objects = host.objects(repository);
    const of = await objects.resolve(filter.data.ref ?? repository.defaultBranch);
    if (of === null) return no(context, refuse('not_found', 'there is no such branch or commit'));
    return context.json(await objects.commits({ of, limit: filter.data.limit }));
  });
}

function addPullRequests(api: Hono, host: Host): void {
  const many = '/repositories/:owner/:name/pulls';
  const one = `${many}/:number{[0-9]+}`;
  const { pullRequests, store, describe } = host;
  const answer = (context: Context, result: PullRequest | Refusal) =>
    isRefusal(result) ? no(context, result) : context.json(describe(result));

  api.get(many, async (context) => {
    const filter = pullFilter.safeParse(context.req.query());
    if (!filter.success) return no(context, invalid(filter.error));
    const repository = await host.repositories.find(repositoryOf(context));
    if (!repository) return no(context, noRepository);
    await pullRequests.sync(repository);
    const { state, head } = filter.data;
    const only = { ...(state && { state }), ...(head !== undefined && { head }) };
    return context.json(store.list({ repository: repository.name, ...only }).map(describe));
  });
  api.post(many, async (context) => {
    const input = newPullRequest.safeParse(await readJson(context));
    if (!input.success) return no(context, invalid(input.error));
    const opened = await pullRequests.open({ ...input.data, repository: repositoryOf(context) });
    return isRefusal(opened) ? no(context, opened) : context.json(describe(opened), 201);
  });
  api.get(one, async (context) => answer(context, (await pullRequests.get(keyOf(context))) ?? noPullRequest));
  api.patch(one, async (context) => {
    const input = pullRequestChanges.safeParse(await readJson(context));
    if (!input.success) return no(context, invalid(input.error));
    return answer(context, await pullRequests.edit(keyOf(context), input.data));
  });
  api.post(`${one}/merge`, async (context) => {
    const input = mergeOrder.safeParse(await readJson(context));
    if (!input.success) return no(context, invalid(input.error));
    return answer(context, await pullRequests.merge(keyOf(context), input.data));
  });
  for (const act of ['close', 'reopen'] as const) {
    api.post(`${one}/${act}`, async (context) => {
      const input = by.safeParse(await readJson(context));
      if (!input.success) return no(context, invalid(input.error));
      return answer(context, await pullRequests[act](keyOf(context), input.data.by));
    });
  }
}

function addConversation(api: Hono, host: Host): void {
  const one = '/repositories/:owner/:name/pulls/:number{[0-9]+}';
  const { pullRequests, store } = host;
  api.get(`${one}/comments`, async (context) => {
    const found = await pullRequests.get(keyOf(context));
    return found ? context.json(store.comments(found)) : no(context, noPullRequest);
  });
  api.post(`${one}/comments`, async (context) => {
    const input = newComment.safeParse(await readJson(context));
    if (!input.success) return no(context, invalid(input.error));
    const comment = await pullRequests.comment(keyOf(context), input.data);
    return isRefusal(comment) ? no(context, comment) : context.json(comment, 201);
  });
  api.get(`${one}/checks`, async (context) => {
    const found = await pullRequests.get(keyOf(context));
    return found ? context.json(store.checks(found.repository, found.headSha)) : no(context, noPullRequest);
  });
  api.post(`${one}/checks`, async (context) => {
    const input = newCheck.safeParse(await readJson(context));
    if (!input.success) return no(context, invalid(input.error));
    const checked = await pullRequests.check(keyOf(context), input.data);
    if (isRefusal(checked)) return no(context, checked);
    return context.json(store.checks(checked.repository, checked.headSha), 201);
  });
  api.get(`${one}/files`, async (context) => {
    const range = await rangeOf(host, keyOf(context));
    if (!range) return no(context, noPullRequest);
    const { files } = await readDiff({ git: host.git, ...range });
    return context.json(files.map(({ hunks, ...file }) => file));
  });
  api.get(`${one}/diff`, async (context) => {
    const range = await rangeOf(host, keyOf(context));
    return range ? context.text(await readPatch({ git: host.git, ...range })) : no(context, noPullRequest);
  });
}

async function rangeOf(host: Host, key: PullRequestKey): Promise<DiffRange | null> {
  const pullRequest = await host.pullRequests.get(key);
  return pullRequest && host.range(pullRequest);
}

function addEvents(api: Hono, host: Host): void {
  // Everything as it is now, with the id to follow from: what a follower reads first.
  api.get('/pulls', async (context) => {
    for (const repository of await host.repositories.list()) await host.pullRequests.sync(repository);
    return context.json({
      pullRequests: host.store.list({}).map(host.describe),
      lastEventId: host.feed.lastId(),
    });
  });
  api.get('/events', (context) => {
    const asked = context.req.header('last-event-id') ?? context.req.query('after') ?? host.feed.lastId();
    const after = eventCursor.safeParse(asked);
    if (!after.success) return no(context, invalid(after.error));
    // A cursor from the future belongs to another life of this data folder: the follower has to read everything again.
    if (after.data > host.feed.lastId())
      return context.json({ code: 'gone', message: 'unknown event id' }, 410);
    return streamSSE(context, async (stream) => {
      const ended = new AbortController();
      stream.onAbort(() => ended.abort());
      const beat = setInterval(() => void stream.write(': still here\n\n'), heartbeatMs);
      const signal = AbortSignal.any([ended.signal, host.closing]);
      try {
        await stream.write(': following\n\n');
        for await (const { id, type, data } of host.feed.follow(after.data, signal)) {
          await stream.writeSSE({ id: String(id), event: type, data });
        }
      } finally {
        clearInterval(beat);
      }
    });
  });
}

const noRepository = refuse('not_found', 'there is no such repository');
const noPullRequest = refuse('not_found', 'there is no such pull request');

function repositoryOf(context: Context): string {
  return `${context.req.param('owner')}/${context.req.param('name')}`;
}

function keyOf(context: Context): PullRequestKey {
  return { repository: repositoryOf(context), number: Number(context.req.param('number')) };
}

async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    // Not JSON: no schema accepts undefined, so it is refused as any other wrong body.
    return undefined;
  }
}

function invalid(error: z.ZodError): Refusal {
  return refuse('invalid', z.prettifyError(error));
}

function no(context: Context, { refused, reason }: Refusal) {
  return context.json({ code: refused, message: reason }, statusOf[refused]);
}
