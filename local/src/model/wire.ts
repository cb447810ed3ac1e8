import { z } from 'zod';
import type { Reply } from './scene.ts';

const text = z
  .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .nullish()
  .transform((content) => {
    if (!content) return '';
    if (typeof content === 'string') return content;
    return content.flatMap((part) => (part.text === undefined ? [] : [part.text])).join('\n');
  });

const toolCall = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content: text }),
  z.object({ role: z.literal('assistant'), content: text, tool_calls: z.array(toolCall).nullish() }),
  z.object({ role: z.literal('tool'), content: text, tool_call_id: z.string() }),
]);

/** The part of OpenAI's chat completion request that the demo model looks at. */
export const chatRequest = z.object({
  model: z.string().min(1),
  stream: z.boolean().default(false),
  messages: z.array(message).min(1),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
});

export type ChatRequest = z.infer<typeof chatRequest>;
export type ChatMessage = z.infer<typeof message>;

export type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number };

// No tokenizer for a model that has none: four characters a token is OpenAI's own rule of thumb for English.
const CHARACTERS_PER_TOKEN = 4;

/** A rough count of tokens: the size of what came in and of what goes out, divided by four. */
export function countUsage(request: ChatRequest, reply: Reply): Usage {
  const prompt = Math.ceil(JSON.stringify(request.messages).length / CHARACTERS_PER_TOKEN);
  const completion = Math.ceil((reply.say + JSON.stringify(reply.calls)).length / CHARACTERS_PER_TOKEN);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

export type Envelope = { id: string; created: number; model: string };

/** The whole reply as one `chat.completion` object, for a request without `stream`. */
export function completion(envelope: Envelope, reply: Reply, usage: Usage): unknown {
  const calls = wireCalls(reply);
  return {
    ...envelope,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.say || null,
          ...(calls.length > 0 && { tool_calls: calls.map(({ index: _, ...call }) => call) }),
        },
        finish_reason: finishReason(reply),
      },
    ],
    usage,
  };
}

/** The reply as the deltas of a stream: the role, the words, the tool calls. */
export function deltas(reply: Reply): readonly Record<string, unknown>[] {
  return [
    { role: 'assistant', content: '' },
    ...(reply.say.match(/\s*\S+\s*/g) ?? []).map((content) => ({ content })),
    ...wireCalls(reply).map((call) => ({ tool_calls: [call] })),
  ];
}

/** One `chat.completion.chunk`; a chunk without a choice carries the usage at the end of a stream. */
export function chunk(
  envelope: Envelope,
  choice: { delta: unknown; finish_reason: string | null } | null,
  usage?: Usage,
): unknown {
  return {
    ...envelope,
    object: 'chat.completion.chunk',
    choices: choice ? [{ index: 0, ...choice }] : [],
    ...(usage && { usage }),
  };
}

export function finishReason(reply: Reply): 'tool_calls' | 'stop' {
  return reply.calls.length > 0 ? 'tool_calls' : 'stop';
}

function wireCalls(reply: Reply) {
  return reply.calls.map((call, index) => ({
    index,
    id: `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`,
    type: 'function',
    function: { name: call.tool, arguments: JSON.stringify(call.args) },
  }));
}
