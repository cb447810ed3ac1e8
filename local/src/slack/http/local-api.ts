import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { appStatus } from '../manifest.ts';
import type { Bootstrap } from '../page-api.ts';
import type { People } from '../people/people.ts';
import * as requests from '../people/requests.ts';
import { TEAM } from '../seed.ts';
import type { Controls } from '../web-api/controls.ts';
import type { Workspace } from '../workspace.ts';
import { streamEvents } from './events.ts';
import { receivePersonFile } from './files.ts';
import { HttpRefusal, readJsonBody, sendJson } from './requests.ts';

export type LocalApi = {
  readonly workspace: Workspace;
  readonly people: People;
  readonly controls: Controls;
  readonly notice: () => string | null;
};

type Reading = (api: LocalApi, query: URLSearchParams) => unknown;
type Acting = (api: LocalApi, body: unknown) => unknown;

const OK = { ok: true };

/** What a person sees at first: the conversations that they are in. */
function bootstrap({ workspace, controls, notice }: LocalApi, query: URLSearchParams): Bootstrap {
  const { directory } = workspace.store;
  const person = query.get('as') ?? directory.users()[0]?.id ?? '';
  return {
    team: TEAM,
    people: directory.users().map(({ id, name, realName, title, isBot, color }) => ({
      id,
      name,
      realName,
      title,
      isBot,
      color,
    })),
    channels: directory.channels().filter((entry) => entry.members.includes(person)),
    app: appStatus(workspace.manifest, workspace.hub.sockets()),
    notice: notice(),
    faults: controls.faults.state(),
    faultChoices: controls.choices,
  };
}

const READINGS: Readonly<Record<string, Reading>> = {
  bootstrap,
  messages: ({ people }, query) => people.messages(requests.messageQuery.parse(Object.fromEntries(query))),
  home: ({ people }, query) => ({ view: people.home(query.get('as') ?? '') }),
  views: ({ people }, query) => ({ views: people.openViews(query.get('as') ?? '') }),
  calls: ({ controls }, query) => ({ calls: controls.calls(query.get('method') ?? undefined) }),
  'calls/latest': ({ controls }, query) => ({
    calls: controls.latestCalls(requests.latestCalls.parse(Object.fromEntries(query)).limit),
  }),
  faults: ({ controls }) => controls.faults.state(),
};

/** Binds a body's schema to an act; an act that returns nothing is answered `{ ok: true }`. */
function acting<S extends z.ZodType>(
  schema: S,
  act: (people: People, request: z.infer<S>) => unknown,
): Acting {
  return async ({ people }, body) => (await act(people, schema.parse(body))) ?? OK;
}

const ACTIONS: Readonly<Record<string, Acting>> = {
  messages: acting(requests.postMessage, (people, request) => people.post(request)),
  'messages/edit': acting(requests.editMessage, (people, request) => people.edit(request)),
  'messages/delete': acting(requests.deleteMessage, (people, request) => people.remove(request)),
  'bot-messages': acting(requests.botPost, (people, request) => people.postAsBot(request)),
  reactions: acting(requests.react, (people, request) => people.react(request)),
  actions: acting(requests.press, (people, request) => people.press(request)),
  'views/submit': acting(requests.submitView, (people, request) => people.submit(request)),
  'views/close': acting(requests.closeView, (people, request) => people.close(request)),
  commands: acting(requests.runCommand, (people, request) => people.command(request)),
  shortcuts: acting(requests.runShortcut, (people, request) => people.shortcut(request)),
  dms: acting(requests.openDm, (people, request) => people.openDm(request)),
  channels: acting(requests.createChannel, (people, request) => people.createChannel(request)),
  'channels/invite': acting(requests.changeMember, (people, request) => people.invite(request)),
  'channels/remove': acting(requests.changeMember, (people, request) => people.removeMember(request)),
  'channels/archive': acting(requests.archiveChannel, (people, request) => people.archive(request)),
  'channels/unarchive': acting(requests.archiveChannel, (people, request) => people.unarchive(request)),
  'channels/rename': acting(requests.renameChannel, (people, request) => people.rename(request)),
  'home/open': acting(requests.openHome, (people, request) => people.openHome(request)),
  faults: ({ controls }, body) => controls.apply(body) ?? OK,
};

/** Answers `/local/api/*`, which only the page and tests use. The caller has checked Host and Origin. */
export async function handleLocalApi(
  api: LocalApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://local');
  const name = url.pathname.slice('/local/api/'.length);
  if (request.method === 'GET' && name === 'events') {
    streamEvents(api.workspace.page, request, response);
    return;
  }
  try {
    sendJson(response, 200, await answer(api, { name, url, request }));
  } catch (error) {
    if (error instanceof z.ZodError) sendJson(response, 400, { ok: false, error: z.prettifyError(error) });
    else if (error instanceof SlackError)
      sendJson(response, 400, { ok: false, error: error.code, ...error.detail });
    else throw error;
  }
}

type Route = { readonly name: string; readonly url: URL; readonly request: IncomingMessage };

async function answer(api: LocalApi, { name, url, request }: Route): Promise<unknown> {
  if (request.method === 'GET') {
    const reading = Object.hasOwn(READINGS, name) ? READINGS[name] : undefined;
    if (reading) return reading(api, url.searchParams);
  }
  if (request.method === 'POST') {
    if (name === 'files') return receivePersonFile(api.workspace, url.searchParams.get('as') ?? '', request);
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action) return action(api, await readJsonBody(request));
  }
  throw new HttpRefusal('no such path', { status: 404 });
}
