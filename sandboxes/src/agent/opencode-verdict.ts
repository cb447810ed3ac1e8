import type { SandboxError } from '../errors.ts';
import type { AgentOutcome } from './agent.ts';
import { isAbortion, toFailure } from './opencode-failure.ts';
import type { WireError, WireMessage } from './opencode-wire.ts';

/** What OpenCode shows of a run at a moment in which it says that the conversation is idle. */
export type IdleView = {
  /** The messages of this run. */
  readonly messages: readonly WireMessage[];
  /** Told by the stream; the only trace of a prompt that was refused before it became a message. */
  readonly reportedError: WireError | null;
  /** Since it was last sent something. */
  readonly sinceSentMs: number;
  /** Since it was first found idle with this message as the last one. */
  readonly sinceIdleMs: number;
};

/** A prompt is accepted before it is stored: on a cold instance more than two seconds before. */
const startLimitMs = 20_000;
/** After an abort the conversation is idle a moment before its last message is complete. */
const completionLimitMs = 3_000;

export type Verdict = AgentOutcome | { readonly type: 'failed'; readonly error: SandboxError };

/** Idle is a hint; the messages are the truth. How the run ended, or null when it is not over yet. */
export function judge(view: IdleView): Verdict | null {
  const last = view.messages.at(-1);
  if (!last || last.author === 'user') {
    if (view.reportedError) return outcomeOfError(view.reportedError);
    if (view.sinceSentMs < startLimitMs) return null;
    return { type: 'interrupted', reason: 'the agent did not take up the prompt' };
  }
  if (last.error) return outcomeOfError(last.error);
  if (last.isCompleted) return { type: 'finished', text: lastWords(view.messages) };
  if (view.reportedError) return outcomeOfError(view.reportedError);
  if (view.sinceIdleMs < completionLimitMs) return null;
  return { type: 'interrupted', reason: 'the agent stopped in the middle of a message' };
}

function outcomeOfError(error: WireError): Verdict {
  return isAbortion(error) ? { type: 'aborted' } : { type: 'failed', error: toFailure(error) };
}

function lastWords(messages: readonly WireMessage[]): string {
  const last = messages.findLast(({ author, parts }) => author === 'assistant' && parts.some(isWords));
  return (last?.parts ?? [])
    .filter(isWords)
    .map(({ text }) => text)
    .join('\n\n');
}

type Words = Extract<WireMessage['parts'][number], { isComplete: boolean }>;

function isWords(part: WireMessage['parts'][number]): part is Words {
  return part.type === 'text' && part.text.trim() !== '';
}
