import { z } from 'zod';
import type { FinishedCall, PastStep } from './scene.ts';
import type { ChatMessage } from './wire.ts';

/** A person's request and what the model did about it. */
export type Turn = {
  /** The person's words. */
  readonly request: string;
  /** An order to go on with interrupted work rather than a new request. */
  readonly continues: boolean;
  readonly steps: readonly PastStep[];
};

// OpenCode shows an image that a tool returned to the model as a message of the user; nobody wrote it.
const SHOWN_IMAGE = /^Attached media from tool result:/;

/** Reads the messages of a chat request as turns: each request with the steps that followed it. */
export function readConversation(messages: readonly ChatMessage[]): readonly Turn[] {
  const results = new Map(
    messages.flatMap((each) => (each.role === 'tool' ? [[each.tool_call_id, each.content]] : [])),
  );
  const turns: (Turn & { steps: PastStep[] })[] = [];
  for (const message of messages) {
    const steps = turns.at(-1)?.steps;
    if (message.role === 'user' && SHOWN_IMAGE.test(message.content)) {
      const last = steps?.pop();
      if (last) steps?.push({ ...last, sawImage: true });
    } else if (message.role === 'user') {
      turns.push({ ...readRequest(message.content), steps: [] });
    } else if (message.role === 'assistant') {
      const calls = (message.tool_calls ?? []).map(
        (call): FinishedCall => ({
          tool: call.function.name,
          args: readArguments(call.function.arguments),
          result: results.get(call.id) ?? null,
        }),
      );
      steps?.push({ said: message.content, calls, sawImage: false });
    }
  }
  return turns;
}

const CONTINUE =
  /^\W*(please\s+)?(continue|go on|carry on|keep going|resume)\b|\bwas (cut off|interrupted)\b/i;

/** The person's words in a message that may carry context around them. */
export function readRequest(message: string): { request: string; continues: boolean } {
  const [, interrupted] = message.match(/<interrupted\b[^>]*>([\s\S]*)<\/interrupted>/) ?? [];
  const now = lastRequest(message.replace(/<interrupted\b[\s\S]*<\/interrupted>/, ''));
  if (interrupted !== undefined && now === null) {
    return { request: lastRequest(interrupted) ?? interrupted.trim(), continues: true };
  }
  const request = now ?? message.trim();
  return { request, continues: CONTINUE.test(request) };
}

function lastRequest(text: string): string | null {
  const found = [...text.matchAll(/<request\b[^>]*>([\s\S]*?)<\/request>/g)].at(-1)?.[1];
  return found === undefined ? null : found.trim();
}

function readArguments(json: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  } catch {
    // Arguments that no scene wrote: such a call is evidence of nothing.
    return {};
  }
}

// What OpenCode puts in the place of a result when a call was turned down.
const TURNED_DOWN = /rejected permission to use|dismissed this question|a rule which prevents you/;

/** The call of this step that a person or a rule did not allow, if there is one. */
export function turnedDown(step: PastStep | undefined): FinishedCall | null {
  return step?.calls.find((call) => TURNED_DOWN.test(call.result ?? '')) ?? null;
}
