import { z } from 'zod';
import type { AgentFile, AgentQuestion, Todo } from './agent.ts';

/**
 * OpenCode's wire shapes (1.18.33) and their translation into ours: the only file that knows them. What it does not
 * know is skipped, so that a new kind of event or part breaks nothing.
 */

const questionSchema = z.object({
  question: z.string(),
  header: z.string().default(''),
  options: z.array(z.object({ label: z.string(), description: z.string().default('') })).default([]),
  multiple: z.boolean().default(false),
});
const questionRequestSchema = z
  .object({ id: z.string(), sessionID: z.string(), questions: z.array(questionSchema) })
  .transform(({ id, sessionID, questions }) => ({
    id,
    sessionId: sessionID,
    questions: questions.map(({ question, ...rest }): AgentQuestion => ({ text: question, ...rest })),
  }));
export type WireQuestion = z.infer<typeof questionRequestSchema>;

const todoSchema = z
  .object({ content: z.string(), status: z.enum(['pending', 'in_progress', 'completed', 'cancelled']) })
  .transform(({ content, status }): Todo => ({ text: content, status }));

const errorSchema = z.object({
  name: z.string(),
  data: z
    .object({
      message: z.string().optional(),
      statusCode: z.number().optional(),
      isRetryable: z.boolean().optional(),
    })
    .default({}),
});
export type WireError = z.infer<typeof errorSchema>;

const statusSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('busy') }),
  z.object({ type: z.literal('retry'), attempt: z.number(), message: z.string(), next: z.number() }),
]);
export type WireStatus = z.infer<typeof statusSchema>;

const place = { id: z.string(), sessionID: z.string(), messageID: z.string() };
const record = z.record(z.string(), z.unknown()).default({});
const attachmentSchema = z.object({ mime: z.string(), filename: z.string().optional(), url: z.string() });
const toolStateSchema = z.object({
  status: z.enum(['pending', 'running', 'completed', 'error']),
  input: record,
  title: z.string().default(''),
  output: z.string().default(''),
  error: z.string().default(''),
  metadata: record,
  attachments: z.array(attachmentSchema).default([]),
  time: z.object({ start: z.number(), end: z.number().optional() }).default({ start: 0 }),
});
const proseFields = {
  text: z.string(),
  synthetic: z.boolean().default(false),
  ignored: z.boolean().default(false),
  time: z.object({ end: z.number().optional() }).default({}),
};
const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), ...place, ...proseFields }),
  z.object({ type: z.literal('reasoning'), ...place, ...proseFields }),
  z.object({ type: z.literal('tool'), ...place, tool: z.string(), state: toolStateSchema }),
  z.object({
    type: z.literal('step-finish'),
    ...place,
    cost: z.number(),
    tokens: z.object({
      input: z.number(),
      output: z.number(),
      reasoning: z.number(),
      cache: z.object({ read: z.number(), write: z.number() }),
    }),
  }),
]);

type Place = { readonly id: string; readonly sessionId: string; readonly messageId: string };
export type WireTool = Place & {
  readonly type: 'tool';
  readonly tool: string;
  readonly status: 'running' | 'completed' | 'error';
  readonly title: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** While it runs: all that a command printed so far, or the end of it. */
  readonly output: string;
  readonly exitCode: number | null;
  readonly diff: string | null;
  readonly files: readonly AgentFile[];
  readonly durationMs: number;
  /** Of the task tool: the conversation of the agent that it started. */
  readonly childSessionId: string | null;
};
export type WirePart =
  | (Place & { readonly type: 'text' | 'reasoning'; readonly text: string; readonly isComplete: boolean })
  | WireTool
  | (Place & {
      readonly type: 'step';
      readonly costUsd: number;
      readonly tokens: {
        readonly input: number;
        readonly output: number;
        readonly reasoning: number;
        readonly cacheRead: number;
        readonly cacheWrite: number;
      };
    });

/** Null for a part that is no news: of an unknown kind, a tool call that has no input yet, text that nobody wrote. */
function readPart(raw: unknown): WirePart | null {
  const parsed = partSchema.safeParse(raw);
  if (!parsed.success) return null;
  const part = parsed.data;
  const at: Place = { id: part.id, sessionId: part.sessionID, messageId: part.messageID };
  switch (part.type) {
    case 'text':
    case 'reasoning':
      if (part.synthetic || part.ignored) return null;
      return { ...at, type: part.type, text: part.text, isComplete: part.time.end !== undefined };
    case 'tool':
      return readTool(at, part.tool, part.state);
    case 'step-finish': {
      const { input, output, reasoning, cache } = part.tokens;
      const tokens = { input, output, reasoning, cacheRead: cache.read, cacheWrite: cache.write };
      return { ...at, type: 'step', costUsd: part.cost, tokens };
    }
  }
}

const metadataSchema = z.object({
  output: z.string().optional().catch(undefined),
  exit: z.number().nullish().catch(null),
  diff: z.string().nullish().catch(null),
  sessionId: z.string().nullish().catch(null),
});

function readTool(at: Place, tool: string, state: z.infer<typeof toolStateSchema>): WireTool | null {
  if (state.status === 'pending') return null;
  const metadata = metadataSchema.parse(state.metadata);
  const finalOutput = state.status === 'error' ? state.error : state.output;
  return {
    ...at,
    type: 'tool',
    tool,
    status: state.status,
    title: state.title,
    input: state.input,
    output: state.status === 'running' ? (metadata.output ?? '') : finalOutput,
    exitCode: metadata.exit ?? null,
    diff: metadata.diff || null,
    files: state.attachments.flatMap(readAttachment),
    durationMs: Math.max(0, (state.time.end ?? state.time.start) - state.time.start),
    childSessionId: tool === 'task' ? (metadata.sessionId ?? null) : null,
  };
}

function readAttachment(
  { mime, filename, url }: z.infer<typeof attachmentSchema>,
  index: number,
): AgentFile[] {
  const data = /^data:[^,]*;base64,(.*)$/s.exec(url)?.[1];
  if (data === undefined) return [];
  return [
    { name: filename ?? `file-${index + 1}`, mime, bytes: new Uint8Array(Buffer.from(data, 'base64')) },
  ];
}

const infoSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  role: z.enum(['user', 'assistant']),
  /** On a user's message this is an object with a diff; on an assistant's it marks what a compaction wrote. */
  summary: z.unknown().optional(),
  time: z.object({ completed: z.number().optional() }),
  error: errorSchema.optional(),
});
const messageSchema = z
  .object({ info: infoSchema, parts: z.array(z.unknown()) })
  .transform(({ info, parts }) => ({
    ...readInfo(info),
    isCompleted: info.time.completed !== undefined,
    error: info.error ?? null,
    parts: parts.map(readPart).filter((part) => part !== null),
  }));
export type WireMessage = z.infer<typeof messageSchema>;

/** Who wrote a message. `summary` is what a compaction wrote: it stands in the conversation, and nobody said it. */
export type WireAuthor = 'user' | 'assistant' | 'summary';

function readInfo(info: z.infer<typeof infoSchema>) {
  const author: WireAuthor = info.role === 'assistant' && info.summary === true ? 'summary' : info.role;
  return { id: info.id, sessionId: info.sessionID, author };
}

export const wire = {
  session: z.object({ id: z.string() }),
  messages: z.array(messageSchema),
  statuses: z.record(z.string(), statusSchema),
  todos: z.array(todoSchema),
  questions: z.array(questionRequestSchema),
};

export type WireEvent =
  | { readonly type: 'connected' }
  | { readonly type: 'session'; readonly id: string; readonly parentId: string }
  | { readonly type: 'message'; readonly id: string; readonly sessionId: string; readonly author: WireAuthor }
  | { readonly type: 'part'; readonly part: WirePart }
  | { readonly type: 'delta'; readonly sessionId: string; readonly partId: string; readonly text: string }
  | { readonly type: 'todos'; readonly sessionId: string; readonly todos: readonly Todo[] }
  | { readonly type: 'question'; readonly question: WireQuestion }
  | { readonly type: 'question_closed'; readonly id: string }
  | { readonly type: 'permission'; readonly id: string }
  | { readonly type: 'status'; readonly sessionId: string; readonly status: WireStatus }
  | { readonly type: 'error'; readonly sessionId: string; readonly error: WireError };

const sessionID = z.string();
const closedSchema = z.object({ requestID: z.string() });
const readers: Readonly<Record<string, z.ZodType<WireEvent | null>>> = {
  'server.connected': z.unknown().transform((): WireEvent => ({ type: 'connected' })),
  'session.created': z
    .object({ info: z.object({ id: z.string(), parentID: z.string() }) })
    .transform(({ info }): WireEvent => ({ type: 'session', id: info.id, parentId: info.parentID })),
  'message.updated': z
    .object({ info: infoSchema })
    .transform(({ info }): WireEvent => ({ type: 'message', ...readInfo(info) })),
  'message.part.updated': z.object({ part: z.unknown() }).transform(({ part }): WireEvent | null => {
    const read = readPart(part);
    return read && { type: 'part', part: read };
  }),
  'message.part.delta': z
    .object({ sessionID, partID: z.string(), field: z.literal('text'), delta: z.string() })
    .transform(
      (p): WireEvent => ({ type: 'delta', sessionId: p.sessionID, partId: p.partID, text: p.delta }),
    ),
  'todo.updated': z
    .object({ sessionID, todos: z.array(todoSchema) })
    .transform((p): WireEvent => ({ type: 'todos', sessionId: p.sessionID, todos: p.todos })),
  'question.asked': questionRequestSchema.transform(
    (question): WireEvent => ({ type: 'question', question }),
  ),
  'question.replied': closedSchema.transform(
    (p): WireEvent => ({ type: 'question_closed', id: p.requestID }),
  ),
  'question.rejected': closedSchema.transform(
    (p): WireEvent => ({ type: 'question_closed', id: p.requestID }),
  ),
  'permission.asked': z
    .object({ id: z.string() })
    .transform(({ id }): WireEvent => ({ type: 'permission', id })),
  'session.status': z
    .object({ sessionID, status: statusSchema })
    .transform((p): WireEvent => ({ type: 'status', sessionId: p.sessionID, status: p.status })),
  'session.error': z
    .object({ sessionID, error: errorSchema })
    .transform((p): WireEvent => ({ type: 'error', sessionId: p.sessionID, error: p.error })),
};
const frameSchema = z.object({ type: z.string(), properties: z.unknown() });

/** One frame of the event stream; null when it is no news. */
export function readEvent(data: string): WireEvent | null {
  const frame = frameSchema.safeParse(parseJson(data));
  const read = frame.success ? readers[frame.data.type]?.safeParse(frame.data.properties) : undefined;
  return read?.success ? read.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The model of our configuration, as every prompt must name it: what a prompt leaves out is what the one before said. */
export const promptTarget = { providerID: 'deckhand', agent: 'build' } as const;

type PromptContent = {
  readonly modelId: string;
  readonly text: string;
  readonly files?: readonly AgentFile[];
};

export function promptBody({ modelId, text, files = [] }: PromptContent) {
  return {
    model: { providerID: promptTarget.providerID, modelID: modelId },
    agent: promptTarget.agent,
    parts: [
      { type: 'text', text },
      ...files.map((file) => ({
        type: 'file',
        mime: file.mime,
        filename: file.name,
        url: `data:${file.mime};base64,${Buffer.from(file.bytes).toString('base64')}`,
      })),
    ],
  };
}
