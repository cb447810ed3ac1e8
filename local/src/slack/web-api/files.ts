import { extname } from 'node:path';
import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { newId, newSecret } from '../ids.ts';
import { toApiFile } from '../message-shapes.ts';
import { BOT_USER_ID } from '../seed.ts';
import type { StoredFile } from '../store/model.ts';
import type { Workspace } from '../workspace.ts';
import { findPostTarget, findRoot } from './lookups.ts';
import { json, type Method, method, whole } from './method.ts';

/** Slack tells the type from the name and the bytes; for us the name is enough. */
const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.html': 'text/html',
  '.json': 'application/json',
  '.zip': 'application/zip',
};
const TEXT = /^\.(txt|log|md|diff|patch|csv|ts|js|py|go|yml|yaml|xml|sh)$/;

function mimetypeOf(name: string): string {
  const extension = extname(name).toLowerCase();
  return TYPES[extension] ?? (TEXT.test(extension) ? 'text/plain' : 'application/octet-stream');
}

const getUploadUrl = method({
  args: z.object({ filename: z.string().min(1), length: whole.min(1) }),
  run(workspace, { filename, length }) {
    const uploadKey = newSecret();
    const file: StoredFile = {
      id: newId('F'),
      name: filename,
      title: filename,
      mimetype: mimetypeOf(filename),
      size: length,
      user: BOT_USER_ID,
      created: workspace.clock.now(),
      isComplete: false,
      uploadKey,
      shares: [],
    };
    workspace.store.files.put(file);
    return { upload_url: `${workspace.baseUrl()}/upload/${uploadKey}`, file_id: file.id };
  },
});

const complete = method({
  args: z.object({
    files: json(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
    channel_id: z.string().optional(),
    channels: z.string().optional(),
    thread_ts: z.string().optional(),
    initial_comment: z.string().optional(),
  }),
  run(workspace, args) {
    const files = args.files.map(({ id, title }) => {
      const file = workspace.store.files.get(id);
      // Also when its bytes have not come yet: the upload URL is used up by them.
      if (!file || file.uploadKey !== null) throw new SlackError('file_not_found');
      return { ...file, title: title ?? file.name, isComplete: true };
    });
    for (const file of files) workspace.store.files.put(file);
    const channels = [args.channel_id, ...(args.channels?.split(',') ?? [])].filter((id) => id !== undefined);
    for (const reference of channels) share(workspace, files, { ...args, reference });
    return {
      files: files.map((file) => toApiFile(workspace.store.files.get(file.id) ?? file, workspace.baseUrl())),
    };
  },
});

type Share = {
  readonly reference: string;
  readonly thread_ts?: string | undefined;
  readonly initial_comment?: string | undefined;
};

/** Posts the files as one message, as Slack does for files completed together. */
function share(workspace: Workspace, files: readonly StoredFile[], target: Share): void {
  const channel = findPostTarget(workspace, target.reference);
  const root = target.thread_ts ? findRoot(workspace, channel, target.thread_ts) : null;
  const message = workspace.posting.post({
    channel: channel.id,
    user: BOT_USER_ID,
    text: target.initial_comment ?? '',
    threadTs: root?.ts ?? null,
    subtype: 'file_share',
    fileIds: files.map((file) => file.id),
  });
  for (const file of files) {
    const shares = [...file.shares, { channel: channel.id, ts: message.ts }];
    workspace.store.files.put({ ...file, shares });
  }
}

const info = method({
  args: z.object({ file: z.string() }),
  run(workspace, { file: id }) {
    const file = workspace.store.files.get(id);
    if (!file?.isComplete) throw new SlackError('file_not_found');
    return { file: toApiFile(file, workspace.baseUrl()) };
  },
});

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': complete,
  'files.info': info,
};
