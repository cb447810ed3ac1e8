import type { AnyBlock, RichTextBlock } from '@slack/types';
import { z } from 'zod';
import { readBlocks } from '../blocks/validate.ts';
import { refusal, SlackError } from '../errors.ts';
import { BOT_USER_ID } from '../seed.ts';
import type { StoredMessage, StreamState } from '../store/model.ts';
import type { Workspace } from '../workspace.ts';
import { findJoinedChannel, findMessage, findPostTarget, findRoot } from './lookups.ts';
import { json, type Method, method } from './method.ts';

/** Measured by others (openclaw #143882): a streamed message with body text fails beyond this, and at 50 tasks. */
const MAX_BYTES = 11_000;
const MAX_TASKS = 50;

const status = z.enum(['pending', 'in_progress', 'complete', 'error']);
const chunk = z.discriminatedUnion('type', [
  z.object({ type: z.literal('markdown_text'), text: z.string().max(12_000) }),
  z.object({
    type: z.literal('task_update'),
    id: z.string().min(1),
    title: z.string().min(1),
    status,
    details: z.string().optional(),
    output: z.string().optional(),
    sources: z.array(z.object({ type: z.literal('url'), url: z.string(), text: z.string() })).optional(),
  }),
  z.object({ type: z.literal('plan_update'), title: z.string().min(1) }),
  z.object({ type: z.literal('blocks'), blocks: z.unknown() }),
]);
type Chunk = z.infer<typeof chunk>;

const content = {
  markdown_text: z.string().max(12_000).optional(),
  chunks: json(z.array(z.unknown())).optional(),
};
const target = { channel: z.string(), ts: z.string() };
type Content = { markdown_text?: string | undefined; chunks?: unknown[] | undefined };

/** Throws markdown_text_conflict or invalid_chunks. */
function readChunks({ markdown_text, chunks }: Content): Chunk[] {
  if (markdown_text !== undefined && chunks !== undefined) throw new SlackError('markdown_text_conflict');
  if (markdown_text !== undefined) return [{ type: 'markdown_text', text: markdown_text }];
  const parsed = z.array(chunk).safeParse(chunks ?? []);
  if (!parsed.success)
    throw refusal(
      'invalid_chunks',
      parsed.error.issues.map((issue) => `${issue.message} [json-pointer:/chunks/${issue.path.join('/')}]`),
    );
  return parsed.data;
}

function apply(state: StreamState, update: Chunk): StreamState {
  switch (update.type) {
    case 'markdown_text':
      return { ...state, markdown: state.markdown + update.text };
    case 'plan_update':
      return { ...state, planTitle: update.title };
    case 'blocks':
      return { ...state, blocks: [...state.blocks, ...(readBlocks(update.blocks, 'message') ?? [])] };
    case 'task_update': {
      const previous = state.tasks.find((task) => task.id === update.id);
      const task = {
        id: update.id,
        title: update.title,
        status: update.status,
        details: update.details ?? previous?.details ?? null,
        output: update.output ?? previous?.output ?? null,
        sources: update.sources ?? previous?.sources ?? [],
      };
      const tasks = previous
        ? state.tasks.map((entry) => (entry.id === task.id ? task : entry))
        : [...state.tasks, task];
      return { ...state, tasks };
    }
  }
}

function checkSize(state: StreamState): void {
  if (state.tasks.length > MAX_TASKS) throw new SlackError('msg_too_long');
  const bytes = (text: string | null): number => Buffer.byteLength(text ?? '');
  const taskBytes = state.tasks
    .map((task) => bytes(task.title) + 2 * (bytes(task.details) + bytes(task.output)))
    .reduce((sum, size) => sum + size, 0);
  if (bytes(state.markdown) + taskBytes > MAX_BYTES) throw new SlackError('msg_too_long');
}

const richText = (text: string): RichTextBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});

function taskCard(task: StreamState['tasks'][number]): AnyBlock {
  const { id, title, status: taskStatus, details, output, sources } = task;
  const card = {
    type: 'task_card',
    block_id: `task-${id}`,
    task_id: id,
    title,
    status: taskStatus,
    ...(details ? { details: richText(details) } : {}),
    ...(output ? { output: richText(output) } : {}),
    ...(sources.length > 0 ? { sources } : {}),
  };
  return card;
}

/** The blocks that a streamed message shows: its tasks, its text, then the blocks sent with it. */
function render(state: StreamState): AnyBlock[] {
  const tasks = state.tasks.map(taskCard);
  const plan = { type: 'plan', block_id: 'plan', title: state.planTitle ?? 'Plan', tasks };
  const progress = state.mode === 'plan' && (tasks.length > 0 || state.planTitle) ? [plan] : tasks;
  const body = state.markdown === '' ? [] : [{ type: 'markdown', block_id: 'text', text: state.markdown }];
  return [...progress, ...body, ...state.blocks];
}

function streamed(message: StoredMessage, state: StreamState): StoredMessage {
  return { ...message, text: state.markdown, blocks: render(state), stream: state };
}

const start = method({
  args: z.object({
    ...content,
    channel: z.string(),
    thread_ts: z.string(),
    recipient_user_id: z.string().optional(),
    recipient_team_id: z.string().optional(),
    task_display_mode: z.enum(['timeline', 'plan']).default('timeline'),
  }),
  run(workspace, args) {
    const channel = findPostTarget(workspace, args.channel);
    const root = findRoot(workspace, channel, args.thread_ts);
    if (channel.kind === 'channel' && !args.recipient_user_id)
      throw new SlackError('missing_recipient_user_id');
    if (channel.kind === 'channel' && !args.recipient_team_id)
      throw new SlackError('missing_recipient_team_id');
    const empty: StreamState = {
      markdown: '',
      planTitle: null,
      mode: args.task_display_mode,
      tasks: [],
      blocks: [],
    };
    const state = readChunks(args).reduce(apply, empty);
    checkSize(state);
    const message = workspace.posting.post({
      channel: channel.id,
      user: BOT_USER_ID,
      text: state.markdown,
      blocks: render(state),
      threadTs: root.ts,
      stream: state,
    });
    return { channel: channel.id, ts: message.ts };
  },
});

function findStream(workspace: Workspace, at: { channel: string; ts: string }) {
  const channel = findJoinedChannel(workspace, at.channel);
  const message = findMessage(workspace, channel, at.ts);
  if (message.user !== BOT_USER_ID) throw new SlackError('message_not_owned_by_app');
  if (!message.stream) throw new SlackError('message_not_in_streaming_state');
  return { message, state: message.stream };
}

const append = method({
  args: z.object({ ...content, ...target }),
  run(workspace, args) {
    const { message, state } = findStream(workspace, args);
    const chunks = readChunks(args);
    if (chunks.length === 0) throw new SlackError('no_text');
    const next = chunks.reduce(apply, state);
    checkSize(next);
    workspace.posting.change(message, streamed(message, next));
    return { channel: message.channel, ts: message.ts };
  },
});

const stop = method({
  args: z.object({
    ...content,
    ...target,
    blocks: z.unknown().optional(),
    metadata: json(
      z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }),
    ).optional(),
    session_status: z.string().optional(),
  }),
  run(workspace, args) {
    const { message, state } = findStream(workspace, args);
    const last = readChunks(args).reduce(apply, state);
    const blocks = readBlocks(args.blocks, 'message') ?? [];
    const next = { ...last, blocks: [...last.blocks, ...blocks] };
    checkSize(next);
    const metadata = args.metadata ?? message.metadata;
    workspace.posting.change(message, { ...streamed(message, next), stream: null, metadata });
    return { channel: message.channel, ts: message.ts };
  },
});

export const streamMethods: Record<string, Method> = {
  'chat.startStream': start,
  'chat.appendStream': append,
  'chat.stopStream': stop,
};
