import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(
    z.object({ role: z.string(), content: z.unknown(), tool_calls: z.array(z.unknown()).optional() }),
  ),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
});

/** What the model is asked for one step. */
export type ModelRequest = {
  /** The last thing that a person said. */
  readonly prompt: string;
  /** How many answers it gave since then. */
  readonly step: number;
  /** The results of its tool calls since then, in order. */
  readonly results: readonly string[];
  readonly tools: readonly string[];
  readonly system: string;
  /** The whole conversation as sent, for whatever else a test looks at. */
  readonly raw: string;
};

export type ModelStep = {
  readonly reasoning?: string;
  readonly text?: string;
  readonly calls?: readonly { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }[];
  /** Answers with a status instead. */
  readonly error?: { readonly status: number; readonly message: string };
  /** The rest of the answer is held back until then. */
  readonly waitFor?: Promise<unknown>;
};

export type ScriptedModel = {
  readonly baseUrl: string;
  readonly requests: readonly ModelRequest[];
  close(): Promise<void>;
};

/** A model's host, OpenAI-compatible, whose answers a test writes. It keeps no state: a script sees the conversation. */
export async function startScriptedModel(
  script: (request: ModelRequest) => ModelStep,
): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  const server = createServer((incoming, response) => {
    void answer(incoming, response, (request) => {
      requests.push(request);
      return script(request);
    });
  });
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(address && typeof address === 'object' ? address.port : 0);
    });
  });
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  script: (request: ModelRequest) => ModelStep,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const step = script(readRequest(Buffer.concat(chunks).toString()));
  if (step.error) {
    // Without the header OpenCode waits for seconds before it tries again.
    response.writeHead(step.error.status, { 'content-type': 'application/json', 'retry-after-ms': '5' });
    response.end(JSON.stringify({ error: { message: step.error.message } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (choice: unknown) => response.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
  send({ index: 0, delta: { role: 'assistant' } });
  for (const piece of pieces(step.reasoning)) send({ index: 0, delta: { reasoning_content: piece } });
  for (const piece of pieces(step.text)) send({ index: 0, delta: { content: piece } });
  await step.waitFor;
  for (const [index, { tool, input }] of (step.calls ?? []).entries()) {
    const id = `call_${Math.random().toString(36).slice(2)}`;
    const call = { index, id, type: 'function', function: { name: tool, arguments: JSON.stringify(input) } };
    send({ index: 0, delta: { tool_calls: [call] } });
  }
  send({ index: 0, delta: {}, finish_reason: step.calls ? 'tool_calls' : 'stop' });
  const usage = { prompt_tokens: 1_000, completion_tokens: 50, total_tokens: 1_050 };
  response.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

function pieces(text = ''): string[] {
  return text.match(/[\s\S]{1,12}/g) ?? [];
}

function readRequest(raw: string): ModelRequest {
  const { messages, tools } = requestSchema.parse(JSON.parse(raw));
  const lastPrompt = messages.findLastIndex(({ role, content }) => role === 'user' && !isEchoOfTool(content));
  const since = messages.slice(lastPrompt + 1);
  return {
    prompt: textOf(messages[lastPrompt]?.content),
    step: since.filter(({ role }) => role === 'assistant').length,
    results: since.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
    tools: tools.map((tool) => tool.function.name),
    system: messages
      .filter(({ role }) => role === 'system')
      .map(({ content }) => textOf(content))
      .join('\n'),
    raw,
  };
}

/** OpenCode shows pictures that a tool returned in a message of the user. */
function isEchoOfTool(content: unknown): boolean {
  return textOf(content).startsWith('Attached media from tool result');
}

const contentSchema = z.union([
  z.string(),
  z
    .array(z.object({ text: z.string().optional() }))
    .transform((list) => list.map(({ text }) => text ?? '').join('\n')),
]);

function textOf(content: unknown): string {
  const parsed = contentSchema.safeParse(content);
  return parsed.success ? parsed.data : '';
}
