import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError } from '../errors.ts';
import type { Service } from '../provider.ts';
import type { AgentEvent, AgentOutcome, PromptFile } from './agent.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { fallSilent } from './opencode-abort.ts';
import type { OpenCodeClient } from './opencode-client.ts';
import { createRecorder, type Recorder } from './opencode-recorder.ts';
import { followEvents } from './opencode-stream.ts';
import { judge, type Verdict } from './opencode-verdict.ts';
import type { WireError, WireEvent, WireMessage } from './opencode-wire.ts';

export type RunContext = {
  readonly client: OpenCodeClient;
  readonly service: Service;
  readonly sessionId: string;
  readonly modelId: string;
  readonly workspace: string;
};
export type RunInput = {
  readonly text: string;
  readonly files: readonly PromptFile[];
  readonly onEvent: (event: AgentEvent) => void | Promise<void>;
  readonly signal: AbortSignal;
};

/** A prompt under way. */
export type Run = {
  readonly outcome: Promise<AgentOutcome>;
  /** Sends a message into it. */
  steer(text: string): Promise<void>;
};

type Signal =
  | { readonly type: 'event'; readonly event: WireEvent }
  | { readonly type: 'lost' }
  | { readonly type: 'tick' }
  | { readonly type: 'exited'; readonly exitCode: number }
  | { readonly type: 'aborted' };

type State = RunContext & {
  readonly input: RunInput;
  readonly startedAt: number;
  /** Null until the stream is connected and the prompt was sent. */
  recorder: Recorder | null;
  isConnected: boolean;
  /** When it was last sent something; 0 before. */
  sentAt: number;
  checkedAt: number;
  idleSince: { readonly at: number; readonly lastId: string | undefined } | null;
  reportedError: WireError | null;
  /** Settles when no steering message is on its way. */
  sending: Promise<unknown>;
  exitCode: number | null;
};

const tickMs = 500;
/** How often we ask by ourselves whether the run is over. */
const checkEveryMs = 10_000;
/** How long an agent whose process lives may be out of reach. */
const patienceMs = 30_000;

/** Sends a prompt and follows it to its end. One reader takes one signal after the other, so nothing is told out of order. */
export function startRun(context: RunContext, input: RunInput): Run {
  const state: State = {
    ...context,
    input,
    startedAt: performance.now(),
    recorder: null,
    isConnected: false,
    sentAt: 0,
    checkedAt: 0,
    idleSince: null,
    reportedError: null,
    sending: Promise.resolve(),
    exitCode: null,
  };
  return {
    outcome: follow(state),
    async steer(text) {
      const sent = state.client.prompt(state.sessionId, state.modelId, text);
      // No verdict while a message is on its way: the run would end and leave the answer to nobody.
      state.sending = Promise.allSettled([state.sending, sent]);
      await sent;
      state.sentAt = performance.now();
    },
  };
}

async function follow(state: State): Promise<AgentOutcome> {
  const mailbox = createMailbox<Signal>();
  const endWatch = watch(state, mailbox.post);
  try {
    const verdict = await untilVerdict(state, mailbox);
    if (verdict.type === 'failed') throw verdict.error;
    return verdict;
  } finally {
    endWatch();
    await state.recorder?.close();
  }
}

async function untilVerdict(state: State, mailbox: Mailbox<Signal>): Promise<Verdict> {
  try {
    for (;;) {
      const next: Signal = state.input.signal.aborted ? { type: 'aborted' } : await mailbox.next();
      const verdict = await handle(state, next);
      if (verdict) return verdict;
    }
  } catch (error) {
    // Nobody follows it from here on: an agent that went on working would do so unseen.
    if (state.exitCode === null) await fallSilent(state);
    throw error;
  }
}

function watch(state: State, post: (signal: Signal) => void): () => void {
  const { client, service, input } = state;
  const end = new AbortController();
  const onAbort = () => post({ type: 'aborted' });
  input.signal.addEventListener('abort', onAbort);
  const ticks = setInterval(() => post({ type: 'tick' }), tickMs);
  void service.exited.then((exitCode) => {
    state.exitCode = exitCode;
    post({ type: 'exited', exitCode });
  });
  const handlers = {
    onEvent: (event: WireEvent) => post({ type: 'event', event }),
    onLost: () => post({ type: 'lost' }),
  };
  void followEvents(client, handlers, end.signal);
  return () => {
    end.abort();
    clearInterval(ticks);
    input.signal.removeEventListener('abort', onAbort);
  };
}

async function handle(state: State, signal: Signal): Promise<Verdict | null> {
  switch (signal.type) {
    case 'event':
      return onEvent(state, signal.event);
    case 'lost':
      state.isConnected = false;
      return null;
    case 'tick':
      return onTick(state);
    case 'exited':
      return diedOf(state, signal.exitCode);
    case 'aborted':
      return onAborted(state);
  }
}

async function onEvent(state: State, event: WireEvent): Promise<Verdict | null> {
  const { recorder, sessionId, client } = state;
  if (event.type === 'connected') {
    state.isConnected = true;
    return persist(state, () => (recorder ? resume(state, recorder) : begin(state)));
  }
  if (!recorder) return null;
  await recorder.event(event);
  if (event.type === 'permission') await client.allow(event.id);
  if (event.type === 'error' && event.sessionId === sessionId) state.reportedError = event.error;
  if (event.type === 'status' && event.status.type !== 'idle') state.idleSince = null;
  return isEnding(event, sessionId) ? persist(state, () => check(state, recorder)) : null;
}

function isEnding(event: WireEvent, sessionId: string): boolean {
  if (event.type === 'error') return event.sessionId === sessionId;
  return event.type === 'status' && event.sessionId === sessionId && event.status.type === 'idle';
}

async function onTick(state: State): Promise<Verdict | null> {
  const { recorder } = state;
  const now = performance.now();
  if (!recorder && now - state.startedAt > patienceMs) throw unreachable();
  // While the stream is down nothing is decided: what was missed has to be told first.
  if (!recorder || !state.isConnected) return null;
  const isDue = now - state.checkedAt > (state.idleSince ? tickMs : checkEveryMs);
  return isDue ? persist(state, () => check(state, recorder)) : null;
}

async function onAborted(state: State): Promise<AgentOutcome> {
  await fallSilent(state);
  const { recorder } = state;
  if (recorder && state.exitCode === null) {
    // The last words of a run that was stopped are welcome, not worth waiting for.
    await Promise.race([catchUp(state, recorder, true).catch(ignoreUnreachable), delay(2_000)]);
  }
  return { type: 'aborted' };
}

async function begin(state: State): Promise<null> {
  const { client, sessionId, input } = state;
  const lastMessageId = await client.lastMessageId(sessionId);
  const todos = await client.todos(sessionId);
  const emit = async (event: AgentEvent) => input.onEvent(event);
  state.recorder = createRecorder({ sessionId, lastMessageId, todos, workspace: state.workspace, emit });
  state.sentAt = state.checkedAt = performance.now();
  // Without an answer it may have arrived all the same. Sending it twice would be worse: the messages will tell.
  await client.prompt(sessionId, state.modelId, input.text, input.files).catch(ignoreUnreachable);
  return null;
}

/** After a lost connection: tells what was missed, before anything that the new connection brings. */
async function resume(state: State, recorder: Recorder): Promise<Verdict | null> {
  await catchUp(state, recorder, false);
  const [questions, todos] = [await state.client.questions(), await state.client.todos(state.sessionId)];
  await recorder.present({ questions, todos });
  return check(state, recorder);
}

async function catchUp(
  state: State,
  recorder: Recorder,
  isSettled: boolean,
): Promise<readonly WireMessage[]> {
  const messages = await state.client.messages(state.sessionId);
  await recorder.messages(messages, { isSettled, read: state.client.messages });
  return messages.filter(({ id }) => recorder.isNew(id));
}

async function check(state: State, recorder: Recorder): Promise<Verdict | null> {
  const { client, sessionId, reportedError } = state;
  await state.sending;
  const status = await client.status(sessionId);
  state.checkedAt = performance.now();
  if (status.type !== 'idle') {
    state.idleSince = null;
    return null;
  }
  const messages = await catchUp(state, recorder, false);
  const now = performance.now();
  const lastId = messages.at(-1)?.id;
  if (!state.idleSince || state.idleSince.lastId !== lastId) state.idleSince = { at: now, lastId };
  const sinceIdleMs = now - state.idleSince.at;
  const verdict = judge({ messages, reportedError, sinceSentMs: now - state.sentAt, sinceIdleMs });
  if (verdict) await recorder.messages(messages, { isSettled: true, read: client.messages });
  return verdict;
}

/** Tries again while the agent is out of reach: its process lives, so its work may go on all the while. */
async function persist(state: State, work: () => Promise<Verdict | null>): Promise<Verdict | null> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnreachable(error) || performance.now() > deadline) throw error;
    }
    if (state.exitCode !== null) return diedOf(state, state.exitCode);
    if (state.input.signal.aborted) return null;
    await delay(tickMs);
  }
}

function diedOf({ service }: State, exitCode: number): AgentOutcome {
  const lastLine = service.recentOutput().trimEnd().split('\n').at(-1) ?? '';
  return {
    type: 'interrupted',
    reason: `the agent's process ended with ${exitCode}: ${lastLine.slice(0, 300)}`,
  };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof SandboxError && error.code === 'agent.unreachable';
}

function ignoreUnreachable(error: unknown): void {
  if (!isUnreachable(error)) throw error;
}

function unreachable(): SandboxError {
  return new SandboxError('agent.unreachable', 'the agent has no event stream', { retryable: true });
}
