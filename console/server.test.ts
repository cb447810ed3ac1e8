import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRemixBuild } from './server/remix-build.ts';
import { builtConsole } from './testing/built.ts';
import { stuckSlot } from './testing/fake-delivery.ts';
import { playScene, type RunningConsole, runningConsole } from './testing/running-console.ts';
import { finishing, opening, pullRequest, runStart, type sceneIds, working } from './testing/scene.ts';

let web: RunningConsole;
let headers: { readonly cookie: string };
let done: ReturnType<typeof sceneIds>;

beforeAll(async () => {
  await builtConsole();
  web = await runningConsole();
  headers = await web.signIn();
  done = playScene(web.deckhand, 'done', (ids) => [
    ...opening(ids, 'Fix the total', 'Fix it'),
    ...runStart(ids, 1),
    ...working(ids),
    ...finishing(ids),
    ...pullRequest(ids),
  ]);
}, 180_000);

afterAll(() => web?.close());

const get = (path: string, more: Record<string, string> = {}) =>
  fetch(`${web.url}${path}`, { headers: { ...headers, ...more }, redirect: 'manual' });

function post(path: string, fields: Record<string, string>, origin: string | null = web.url) {
  return fetch(`${web.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { ...headers, ...(origin !== null && { origin }) },
    redirect: 'manual',
  });
}

/** Reads server-sent events until there are enough of one kind. */
async function events(
  path: string,
  wanted: { kind: string; count: number },
  more: Record<string, string> = {},
) {
  const stop = new AbortController();
  const response = await fetch(`${web.url}${path}`, {
    headers: { ...headers, ...more },
    signal: stop.signal,
  });
  const found: unknown[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    for (const event of whole) {
      if (event.includes(`event: ${wanted.kind}\n`))
        found.push(JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? 'null'));
    }
    if (found.length >= wanted.count) break;
  }
  stop.abort();
  return found;
}

describe('the door', () => {
  it('sends who has not signed in to the sign-in page', async () => {
    const page = await fetch(web.url, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([302, '/sign-in']);
  });

  it.each([
    '/events',
    '/sessions/ses_done/events',
    '/sessions/ses_done/log.jsonl',
    '/artifacts/art_donePatch',
    '/_root.data',
  ])('keeps %s from who has not signed in', async (path) => {
    expect((await fetch(`${web.url}${path}`, { redirect: 'manual' })).status).toBe(401);
  });

  it('answers whether it is alive without a cookie', async () => {
    const answer = await fetch(`${web.url}/healthz`);
    expect(await answer.json()).toEqual({ ok: true, slack: 'connected', stuck: 0 });
  });

  it('says without a cookie that messages are stuck, and nothing about them', async () => {
    const other = await runningConsole();
    const ids = playScene(other.deckhand, 'sad', (scene) => opening(scene, 'Private matter', 'Hush'));
    other.delivery.show(ids.sessionId, stuckSlot({ slot: `turn/${ids.turn(1)}/final`, wanted: 'Hush' }));
    expect(await (await fetch(`${other.url}/healthz`)).json()).toEqual({
      ok: false,
      slack: 'connected',
      stuck: 1,
    });
    await other.close();
  });

  it('is alive while Slack has still to come', async () => {
    const other = await runningConsole({ delivery: new Promise(() => {}) });
    const answer = await fetch(`${other.url}/healthz`);
    expect(await answer.json()).toEqual({ ok: true, slack: 'starting', stuck: 0 });
    await other.close();
  });

  it('opens once for a link, and says so kindly the second time', async () => {
    const link = web.signInLink();
    const first = await fetch(link, { redirect: 'manual' });
    expect(first.status).toBe(302);
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    expect(first.headers.get('set-cookie')).toContain('Max-Age=2592000');
    const second = await fetch(link, { redirect: 'manual' });
    expect(second.status).toBe(401);
    expect(await second.text()).toContain('no longer good');
  });

  it('does not use a link up for a browser that only looks ahead', async () => {
    const link = web.signInLink();
    expect((await fetch(link, { headers: { 'sec-purpose': 'prefetch' }, redirect: 'manual' })).status).toBe(
      503,
    );
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
  });

  it('stays shut for a cookie that somebody else has signed', async () => {
    const other = await runningConsole();
    const forged = headers.cookie.replace(/.{6}$/, 'forged');
    expect((await fetch(`${other.url}/events`, { headers: { cookie: forged } })).status).toBe(401);
    await other.close();
  });

  it('sets headers that keep a page from being framed, sniffed or scripted by others', async () => {
    const { headers: sent } = await get('/');
    expect(sent.get('content-security-policy')).toMatch(
      /script-src 'self' 'nonce-[^']+'.*frame-ancestors 'none'/,
    );
    expect(sent.get('x-content-type-options')).toBe('nosniff');
    expect(sent.get('x-powered-by')).toBeNull();
  });
});

describe('a command', () => {
  it.each([null, 'http://evil.example', 'null'])('is refused from the origin %s', async (origin) => {
    const before = web.deckhand.entries(done.sessionId).length;
    expect(
      (await post(`/sessions/${done.sessionId}`, { intent: 'reply', key: 'k', text: 'hi' }, origin)).status,
    ).toBe(403);
    expect(web.deckhand.entries(done.sessionId)).toHaveLength(before);
  });

  it('that the domain refuses answers with its sentence', async () => {
    const turnId = done.turn(1);
    const answer = await post(`/sessions/${done.sessionId}.data`, { intent: 'stop', turnId });
    expect(await answer.text()).toContain('That request is over already');
  });

  it('that a page sends before it has woken up is answered with a page that says why not', async () => {
    const turnId = done.turn(1);
    const answer = await post(`/sessions/${done.sessionId}`, { intent: 'stop', turnId });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('That request is over already; there is nothing to stop.');
  });

  it('that is a reply requests a turn in the name of the console', async () => {
    const ids = playScene(web.deckhand, 'reply', (scene) => opening(scene, 'Reply', 'First'));
    await post(`/sessions/${ids.sessionId}.data`, { intent: 'reply', key: 'once', text: 'And now the docs' });
    expect(web.deckhand.entries(ids.sessionId).at(-1)).toMatchObject({
      actor: { kind: 'member', id: 'console', name: 'Console' },
      event: { type: 'turn.requested', text: 'And now the docs' },
    });
  });

  it('without a text is not sent on', async () => {
    const answer = await post(`/sessions/${done.sessionId}.data`, { intent: 'reply', key: 'k', text: '  ' });
    expect(await answer.text()).toContain('Something is missing');
  });
});

describe('a wish about delivery', () => {
  const wish = (fields: Record<string, string>) => post(`/sessions/${done.sessionId}/delivery.data`, fields);

  it('that is a retry sends one stuck message again, and says when there is none', async () => {
    const slot = `turn/${done.turn(1)}/final`;
    web.delivery.show(done.sessionId, stuckSlot({ slot, wanted: 'Done' }));
    expect(await (await wish({ intent: 'retry', slot })).text()).toContain('done');
    expect(await web.delivery.slots(done.sessionId)).toMatchObject([{ slot, state: 'sent' }]);
    expect(await (await wish({ intent: 'retry', slot: 'turn/none/card' })).text()).toContain(
      'There is no such message any more.',
    );
  });

  it('that is a rebuild is passed on; anything else is not', async () => {
    await wish({ intent: 'rebuild' });
    expect(web.delivery.rebuilt).toEqual([done.sessionId]);
    expect(await (await wish({ intent: 'explode' })).text()).toContain('Something is missing');
  });

  it('is refused from another origin', async () => {
    const answer = await post(
      `/sessions/${done.sessionId}/delivery`,
      { intent: 'rebuild' },
      'http://evil.example',
    );
    expect(answer.status).toBe(403);
  });
});

describe('a log', () => {
  it('is followed from a position, and goes on where a connection broke', async () => {
    const { sessionId } = done;
    const all = web.deckhand.entries(sessionId);
    const tail = await events(`/sessions/${sessionId}/events?after=${all.length - 2}`, {
      kind: 'entry',
      count: 2,
    });
    expect(tail).toMatchObject([{ seq: all.length - 1 }, { seq: all.length }]);
    const again = await events(
      `/sessions/${sessionId}/events?after=1`,
      { kind: 'entry', count: 1 },
      { 'last-event-id': String(all.length - 1) },
    );
    expect(again).toMatchObject([{ seq: all.length }]);
  });

  it('tells the list when any session has advanced', async () => {
    // The first says that the stream stands, the second that something has happened.
    const told = events('/events', { kind: 'advanced', count: 2 });
    const timer = setInterval(
      () => web.deckhand.append('ses_reply', { event: { type: 'session.reopened' } }),
      20,
    );
    expect(await told).toEqual([{}, {}]);
    clearInterval(timer);
  });

  it('comes with news of delivery, on the list and on the page of a session', async () => {
    for (const path of ['/events', `/sessions/${done.sessionId}/events?after=0`])
      expect(await events(path, { kind: 'delivery', count: 1 })).toEqual([{ stuck: 0 }]);
  });

  it('is downloaded whole, one entry a line', async () => {
    const response = await get(`/sessions/${done.sessionId}/log.jsonl`);
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(web.deckhand.entries(done.sessionId));
    expect(response.headers.get('content-disposition')).toContain('ses_done.jsonl');
  });

  it('is read in pages', async () => {
    const page = await (await get(`/sessions/${done.sessionId}/entries?after=3&limit=2`)).json();
    expect(page).toMatchObject({ entries: [{ seq: 4 }, { seq: 5 }] });
  });
});

describe('an artifact', () => {
  it('that is a picture is shown, and cannot act', async () => {
    const response = await get(`/artifacts/${done.shot}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(new Uint8Array(await response.arrayBuffer()).slice(1, 4)).toEqual(
      new Uint8Array(Buffer.from('PNG')),
    );
  });

  it.each([
    ['text/html', 'text/plain; charset=utf-8', 'inline'],
    ['image/svg+xml', 'application/octet-stream', 'attachment'],
    ['application/zip', 'application/octet-stream', 'attachment'],
  ])('of the type %s is sent as %s', async (mime, sent, disposition) => {
    const artifactId = `art_${mime.replace(/\W/g, '')}` as const;
    web.deckhand.keep(done.sessionId, {
      artifactId,
      name: 'ü "x".html',
      mime,
      bytes: Buffer.from('<script>1</script>'),
    });
    const response = await get(`/artifacts/${artifactId}`);
    expect(response.headers.get('content-type')).toBe(sent);
    expect(response.headers.get('content-disposition')).toMatch(new RegExp(`^${disposition}; filename`));
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; sandbox");
  });

  it('that is not there is a 404, like every address that leads nowhere', async () => {
    const paths = [
      '/artifacts/art_none',
      '/artifacts/nonsense',
      '/sessions/ses_none',
      '/sessions/nonsense',
      '/nowhere',
    ];
    const answers = await Promise.all(paths.map((path) => get(path)));
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404]);
  });
});

it('says how to build the pages when they have not been built', async () => {
  const empty = await mkdtemp(`${tmpdir()}/console-`);
  await expect(loadRemixBuild(`${empty}/`)).rejects.toThrow('Run `npm run build -w console` first');
});
