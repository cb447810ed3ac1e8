import * as z from 'zod';
import type {
  ArchiveChannel,
  Bootstrap,
  ChangeMember,
  Channel,
  CloseView,
  CreateChannel,
  DeleteMessage,
  EditMessage,
  FaultOrder,
  LatestCalls,
  MessagePage,
  OpenDm,
  OpenHome,
  PostMessage,
  Press,
  React,
  RenameChannel,
  RunCommand,
  RunShortcut,
  SlackFile,
  SubmitView,
} from '../page-api.ts';
import {
  bootstrapSchema,
  channelSchema,
  fileSchema,
  homeSchema,
  latestCallsSchema,
  messagePageSchema,
  type Outcome,
  outcomeSchema,
  viewsSchema,
} from './wire.ts';

/** Which messages to read: a channel's, or with `threadTs` a thread's; `before` a ts, for the page above it. */
export type MessageQuery = {
  readonly as: string;
  readonly channel: string;
  readonly threadTs?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
};

const done = z.unknown();
const posted = z.object({ ts: z.string() });
const problem = z.object({ error: z.string() });

/** The workspace's server. Every call rejects with a sentence for the person when the server refuses or is away. */
export const api = {
  bootstrap: (as: string | null): Promise<Bootstrap> =>
    read('bootstrap', as === null ? {} : { as }, bootstrapSchema),
  messages: (query: MessageQuery): Promise<MessagePage> =>
    read('messages', { ...query, threadTs: undefined, thread_ts: query.threadTs }, messagePageSchema),
  home: (as: string) => read('home', { as }, homeSchema),
  views: (as: string) => read('views', { as }, viewsSchema),
  post: (body: PostMessage) => act('messages', body, posted),
  edit: (body: EditMessage) => act('messages/edit', body, done),
  remove: (body: DeleteMessage) => act('messages/delete', body, done),
  react: (body: React) => act('reactions', body, done),
  press: (body: Press): Promise<Outcome> => act('actions', body, outcomeSchema),
  submit: (body: SubmitView): Promise<Outcome> => act('views/submit', body, outcomeSchema),
  closeView: (body: CloseView) => act('views/close', body, done),
  command: (body: RunCommand): Promise<Outcome> => act('commands', body, outcomeSchema),
  shortcut: (body: RunShortcut): Promise<Outcome> => act('shortcuts', body, outcomeSchema),
  openDm: (body: OpenDm): Promise<Channel> => act('dms', body, channelSchema),
  openHome: (body: OpenHome) => act('home/open', body, done),
  createChannel: (body: CreateChannel): Promise<Channel> => act('channels', body, channelSchema),
  invite: (body: ChangeMember) => act('channels/invite', body, done),
  removeMember: (body: ChangeMember) => act('channels/remove', body, done),
  archive: (body: ArchiveChannel) => act('channels/archive', body, done),
  unarchive: (body: ArchiveChannel) => act('channels/unarchive', body, done),
  rename: (body: RenameChannel) => act('channels/rename', body, done),
  orderFault: (body: FaultOrder) => act('faults', body, done),
  latestCalls: (limit: number): Promise<LatestCalls> => read('calls/latest', { limit }, latestCallsSchema),
  upload: (as: string, file: File): Promise<SlackFile> => upload(as, file),
} as const;

/** The calls of the workspace's server. */
export type Api = typeof api;

const root = '/local/api/';

function read<T>(
  path: string,
  query: Record<string, string | number | undefined>,
  schema: z.ZodType<T>,
): Promise<T> {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return ask(`${root}${path}?${new URLSearchParams(given)}`, {}, schema);
}

function act<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
  return ask(
    root + path,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    schema,
  );
}

function upload(as: string, file: File): Promise<SlackFile> {
  const body = new FormData();
  body.append('file', file);
  return ask(`${root}files?${new URLSearchParams({ as })}`, { method: 'POST', body }, fileSchema);
}

async function ask<T>(url: string, init: RequestInit, schema: z.ZodType<T>): Promise<T> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new Error('The workspace cannot be reached.', { cause });
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok)
    throw new Error(problem.safeParse(body).data?.error ?? `The workspace answered ${response.status}.`);
  const parsed = schema.safeParse(body);
  if (!parsed.success)
    throw new Error('The workspace gave an answer that this page does not understand.', {
      cause: parsed.error,
    });
  return parsed.data;
}
