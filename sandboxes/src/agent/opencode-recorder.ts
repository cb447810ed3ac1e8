import type { AgentEvent, Todo } from './agent.ts';
import { outputGained } from './growing-output.ts';
import { toolTitle } from './opencode-title.ts';
import type {
  WireAuthor,
  WireEvent,
  WireMessage,
  WirePart,
  WireQuestion,
  WireTool,
} from './opencode-wire.ts';

export type RecorderOptions = {
  readonly sessionId: string;
  /** The last message before this run: what is not newer belongs to former runs. Ids grow with time. */
  readonly lastMessageId: string | null;
  /** The to-do list as it was before this run. */
  readonly todos: readonly Todo[];
  readonly workspace: string;
  readonly emit: (event: AgentEvent) => Promise<void>;
};

type ReadingBack = {
  /** Nothing is being written any more: half a text is then all there will be. */
  readonly isSettled: boolean;
  readonly read: (sessionId: string) => Promise<readonly WireMessage[]>;
};

/**
 * Turns what comes from OpenCode, by stream or by reading the conversation again, into our events, each once. The
 * same part may be handed in as often as one likes and in any state.
 */
export type Recorder = {
  isNew(messageId: string): boolean;
  /** The conversations of the subagents that were seen so far. */
  children(): readonly string[];
  /** What the stream told. */
  event(event: WireEvent): Promise<void>;
  /** What the conversation holds. */
  messages(list: readonly WireMessage[], how: ReadingBack): Promise<void>;
  /** The open questions of all conversations and the to-do list of ours, as they are now. */
  present(now: { questions: readonly WireQuestion[]; todos: readonly Todo[] }): Promise<void>;
  /** The run is over: nobody waits for an answer any more. */
  close(): Promise<void>;
};

type State = RecorderOptions & {
  readonly authors: Map<string, WireAuthor>;
  readonly childSessionIds: Set<string>;
  readonly textIds: Set<string>;
  /** Texts of which we have seen every piece so far, and the messages they are in. */
  readonly growingTexts: Map<string, { readonly messageId: string; text: string }>;
  readonly startedIds: Set<string>;
  readonly doneIds: Set<string>;
  /** What each running command had printed when we last looked. */
  readonly outputs: Map<string, string>;
  readonly seenQuestionIds: Set<string>;
  readonly openQuestionIds: Set<string>;
  lastTodos: string;
};

export function createRecorder(options: RecorderOptions): Recorder {
  const state: State = {
    ...options,
    authors: new Map(),
    childSessionIds: new Set(),
    textIds: new Set(),
    growingTexts: new Map(),
    startedIds: new Set(),
    doneIds: new Set(),
    outputs: new Map(),
    seenQuestionIds: new Set(),
    openQuestionIds: new Set(),
    lastTodos: JSON.stringify(options.todos),
  };
  return {
    isNew: (messageId) => isNew(state, messageId),
    children: () => [...state.childSessionIds],
    event: (event) => recordEvent(state, event),
    messages: (list, how) => recordMessages(state, list, how),
    async present({ questions, todos }) {
      await recordTodos(state, todos);
      for (const question of questions) await openQuestion(state, question);
      const stillOpen = new Set(questions.map(({ id }) => id));
      for (const id of [...state.openQuestionIds]) if (!stillOpen.has(id)) await closeQuestion(state, id);
    },
    async close() {
      for (const id of [...state.openQuestionIds]) await closeQuestion(state, id);
    },
  };
}

async function recordEvent(state: State, event: WireEvent): Promise<void> {
  switch (event.type) {
    case 'session':
      if (isOurs(state, event.parentId)) state.childSessionIds.add(event.id);
      return;
    case 'message':
      state.authors.set(event.id, event.author);
      return;
    case 'part':
      return recordPart(state, event.part, 'streamed');
    case 'delta':
      return recordDelta(state, event.partId, event.text);
    case 'todos':
      if (event.sessionId === state.sessionId) await recordTodos(state, event.todos);
      return;
    case 'question':
      return openQuestion(state, event.question);
    case 'question_closed':
      return closeQuestion(state, event.id);
    case 'status': {
      if (event.sessionId !== state.sessionId || event.status.type !== 'retry') return;
      const { attempt, message, next } = event.status;
      return state.emit({ type: 'retrying', attempt, message, retryAt: next });
    }
    case 'connected':
    case 'permission':
    case 'error':
      return;
  }
}

/** A subagent's calls are told where they happened: between the start and the end of the call that began it. */
async function recordMessages(state: State, list: readonly WireMessage[], how: ReadingBack): Promise<void> {
  const source = how.isSettled ? 'settled' : 'read';
  for (const message of list.filter(({ id }) => isNew(state, id))) {
    state.authors.set(message.id, message.author);
    for (const part of message.parts) {
      if (part.type === 'tool' && part.childSessionId && !state.doneIds.has(part.id)) {
        await recordPart(state, { ...part, status: 'running', output: '' }, source);
        await recordMessages(state, await how.read(part.childSessionId), how);
      }
      await recordPart(state, part, source);
    }
  }
}

/** Where a part comes from. One that is read is not told piece by piece: what it lacks of a text, we may have missed. */
type Source = 'streamed' | 'read' | 'settled';

async function recordPart(state: State, part: WirePart, source: Source): Promise<void> {
  if (!isOurs(state, part.sessionId) || !isNew(state, part.messageId) || state.doneIds.has(part.id)) return;
  if (part.type === 'step') {
    state.doneIds.add(part.id);
    return state.emit({ type: 'step', id: shownId(state, part), costUsd: part.costUsd, tokens: part.tokens });
  }
  if (state.authors.get(part.messageId) !== 'assistant') return;
  return part.type === 'tool' ? recordTool(state, part) : recordProse(state, part, source);
}

type Prose = Extract<WirePart, { isComplete: boolean }>;

async function recordProse(state: State, part: Prose, source: Source): Promise<void> {
  // A subagent's words reach the agent as the result of its tool call; they are not said to anybody.
  if (part.sessionId !== state.sessionId) return;
  if (part.isComplete || source === 'settled') return finishProse(state, part);
  if (part.type !== 'text') return;
  state.textIds.add(part.id);
  if (source === 'streamed') state.growingTexts.set(part.id, { messageId: part.messageId, text: part.text });
  else state.growingTexts.delete(part.id);
}

async function finishProse(
  state: State,
  { id, type, text }: Pick<Prose, 'id' | 'type' | 'text'>,
): Promise<void> {
  state.doneIds.add(id);
  state.growingTexts.delete(id);
  if (text.trim()) await state.emit({ type, id, text });
}

async function recordDelta(state: State, partId: string, delta: string): Promise<void> {
  if (!state.textIds.has(partId) || state.doneIds.has(partId)) return;
  const growing = state.growingTexts.get(partId);
  if (growing) growing.text += delta;
  await state.emit({ type: 'live', live: { kind: 'text', id: partId, delta } });
}

/**
 * With some models' hosts a text is only called complete when the whole message is, long after the calls that follow
 * it have begun. A call ends the text before it, so it is told first, as it was said.
 */
async function finishTextsBefore(state: State, messageId: string): Promise<void> {
  for (const [id, growing] of [...state.growingTexts]) {
    if (growing.messageId === messageId) await finishProse(state, { id, type: 'text', text: growing.text });
  }
}

async function recordTool(state: State, part: WireTool): Promise<void> {
  if (part.childSessionId) state.childSessionIds.add(part.childSessionId);
  const { tool, input } = part;
  const call = { id: shownId(state, part), tool, title: toolTitle(part, state.workspace), input };
  if (!state.startedIds.has(part.id)) {
    state.startedIds.add(part.id);
    await finishTextsBefore(state, part.messageId);
    await state.emit({ type: 'tool_started', ...call });
  }
  if (part.status === 'running') return recordOutput(state, part);
  state.doneIds.add(part.id);
  state.outputs.delete(part.id);
  await state.emit({ type: 'tool_finished', ...call, ...resultOf(part) });
}

async function recordOutput(state: State, part: WireTool): Promise<void> {
  const before = state.outputs.get(part.id) ?? '';
  if (part.output === before) return;
  state.outputs.set(part.id, part.output);
  const gained = outputGained(before, part.output);
  await state.emit({ type: 'live', live: { kind: 'output', id: shownId(state, part), ...gained } });
}

function resultOf(part: WireTool) {
  // A call that the agent got wrong is filed under a tool of this name.
  const isWellFormed = part.tool !== 'invalid';
  return {
    ok: part.status === 'completed' && isWellFormed && (part.exitCode ?? 0) === 0,
    output: part.output,
    ...(part.exitCode === null ? {} : { exitCode: part.exitCode }),
    ...(part.diff === null ? {} : { diff: part.diff }),
    files: part.files,
    durationMs: part.durationMs,
  };
}

async function recordTodos(state: State, todos: readonly Todo[]): Promise<void> {
  const text = JSON.stringify(todos);
  if (text === state.lastTodos) return;
  state.lastTodos = text;
  await state.emit({ type: 'todos', todos });
}

async function openQuestion(state: State, { id, sessionId, questions }: WireQuestion): Promise<void> {
  if (!isOurs(state, sessionId) || state.seenQuestionIds.has(id)) return;
  state.seenQuestionIds.add(id);
  state.openQuestionIds.add(id);
  await state.emit({ type: 'question', id, questions });
}

async function closeQuestion(state: State, id: string): Promise<void> {
  if (state.openQuestionIds.delete(id)) await state.emit({ type: 'question_closed', id });
}

function isOurs(state: State, sessionId: string): boolean {
  return sessionId === state.sessionId || state.childSessionIds.has(sessionId);
}

function isNew(state: State, messageId: string): boolean {
  return state.lastMessageId === null || messageId > state.lastMessageId;
}

/** A subagent's parts are kept apart from those of the main conversation for whoever shows them. */
function shownId(state: State, { id, sessionId }: WirePart): string {
  return sessionId === state.sessionId ? id : `${sessionId}/${id}`;
}
