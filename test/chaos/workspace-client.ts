import { z } from 'zod';

export const ANA = 'U0ANALIMA0';
export const BO = 'U0BOCHEN00';
const BOT = 'U0DECKHAND';
export const ENGINEERING = 'C0ENGINEER';
export const ALERTS = 'C0ALERTS00';
const TEAM_LIMIT = 200;

export const addressesSchema = z.object({
  url: z.string(),
  apiUrl: z.string(),
  botToken: z.string(),
  appToken: z.string(),
});
export type Addresses = z.infer<typeof addressesSchema>;

const messageSchema = z.object({
  ts: z.string(),
  user: z.string().optional(),
  text: z.string().default(''),
  blocks: z.array(z.record(z.string(), z.unknown())).default([]),
  metadata: z
    .object({ event_payload: z.object({ slot: z.string(), session: z.string() }) })
    .optional()
    .catch(undefined),
});
export type ThreadMessage = z.infer<typeof messageSchema>;

const repliesSchema = z.object({
  ok: z.literal(true),
  messages: z.array(messageSchema),
  response_metadata: z.object({ next_cursor: z.string().default('') }).optional(),
});
const callSchema = z.object({
  method: z.string(),
  args: z.record(z.string(), z.unknown()),
  at: z.number(),
  status: z.number(),
  answer: z.record(z.string(), z.unknown()),
});
export type Call = z.infer<typeof callSchema>;

/** One order of the local workspace's `POST /local/api/faults`. */
export type SlackFault =
  | { readonly clear: true }
  | { readonly down: boolean }
  | { readonly rateLimits: boolean }
  | { readonly disconnect: 'warning' | 'refresh_requested' | 'cut' }
  | { readonly duplicate: string; readonly times: number }
  | { readonly redeliver: string; readonly times: number }
  | { readonly late: string; readonly times: number; readonly delayMs: number }
  | {
      readonly fault: {
        readonly method: string;
        readonly times?: number;
        readonly delayMs?: number;
        readonly status?: number;
        readonly retryAfterSeconds?: number;
        readonly error?: string;
        readonly dropAnswer?: boolean;
      };
    };

export type WorkspaceClient = ReturnType<typeof connectWorkspace>;

/** What people do in one channel of the local workspace, and what can be seen from outside. Rejects what is refused. */
export function connectWorkspace({ url, apiUrl, botToken }: Addresses, channel: string = ENGINEERING) {
  async function order(path: string, body: object): Promise<unknown> {
    const response = await fetch(new URL(`local/api/${path}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async function look(path: string): Promise<unknown> {
    return (await fetch(new URL(`local/api/${path}`, url))).json();
  }

  /** A thread as Slack keeps it, metadata included, which the page does not show. */
  async function thread(ts: string): Promise<readonly ThreadMessage[]> {
    const messages: ThreadMessage[] = [];
    let cursor = '';
    do {
      const query = new URLSearchParams({
        channel,
        ts,
        limit: String(TEAM_LIMIT),
        include_all_metadata: 'true',
      });
      if (cursor !== '') query.set('cursor', cursor);
      const response = await fetch(`${apiUrl}conversations.replies`, {
        method: 'POST',
        headers: { authorization: `Bearer ${botToken}` },
        body: query,
      });
      const page = repliesSchema.parse(await response.json());
      messages.push(...page.messages);
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    return messages;
  }

  return {
    thread,
    /** Whether it is Ana's conversation with Deckhand: nobody else is in it. */
    isDm: channel.startsWith('D'),
    post: async (text: string, options: { as?: string; threadTs?: string } = {}): Promise<string> => {
      const { as = ANA, threadTs } = options;
      const answer = await order('messages', { as, channel, text, ...(threadTs && { threadTs }) });
      return z.object({ ts: z.string() }).parse(answer).ts;
    },
    edit: async ({ ts, as }: { readonly ts: string; readonly as: string }): Promise<void> => {
      await order('messages/edit', {
        as,
        channel,
        ts,
        text: '@deckhand never mind the wording, scene:broken',
      });
    },
    remove: async ({ ts, as }: { readonly ts: string; readonly as: string }): Promise<void> => {
      await order('messages/delete', { as, channel, ts });
    },
    react: async (ts: string, name: string): Promise<void> => {
      await order('reactions', { as: ANA, channel, ts, name });
    },
    /** Presses a button; says whether the app acknowledged it in time. */
    press: async (ts: string, action: Record<string, unknown>): Promise<boolean> => {
      const answer = await order('actions', { as: ANA, container: { channel, ts }, action });
      return z.object({ ok: z.boolean() }).parse(answer).ok;
    },
    /** Submits the form that Ana has open as it was filled in for her; false when there is none or it was not taken. */
    submitOpenForm: async (): Promise<boolean> => {
      const { views } = viewsSchema.parse(await look(`views?as=${ANA}`));
      const view = views.at(-1);
      if (!view) return false;
      const answer = await order('views/submit', { as: ANA, viewId: view.id, values: initialValues(view) });
      return z.object({ ok: z.boolean() }).parse(answer).ok;
    },
    fault: async (fault: SlackFault): Promise<void> => {
      await order('faults', fault);
    },
    /** The id of somebody's direct conversation with Deckhand. */
    openDm: async (as: string): Promise<string> =>
      z.object({ id: z.string() }).parse(await order('dms', { as, with: BOT })).id,
    /** What the app asked of the Web API: the last 5,000 calls, oldest first. */
    calls: async (): Promise<readonly Call[]> =>
      z.object({ calls: z.array(callSchema) }).parse(await look('calls')).calls,
  };
}

const viewsSchema = z.object({
  views: z.array(z.object({ id: z.string(), blocks: z.array(z.record(z.string(), z.unknown())) })),
});
const inputSchema = z.object({
  type: z.literal('input'),
  block_id: z.string(),
  element: z.object({ type: z.string(), action_id: z.string(), initial_value: z.string().default('') }),
});

function initialValues(view: z.infer<typeof viewsSchema>['views'][number]) {
  const inputs = view.blocks.flatMap((block) => {
    const input = inputSchema.safeParse(block);
    return input.success && input.data.element.type === 'plain_text_input' ? [input.data] : [];
  });
  return Object.fromEntries(
    inputs.map(({ block_id, element }) => [
      block_id,
      { [element.action_id]: { type: element.type, value: element.initial_value || 'Notes' } },
    ]),
  );
}

const buttonSchema = z.looseObject({
  type: z.literal('button'),
  action_id: z.string(),
  text: z.object({ text: z.string() }),
});

/** The press of a message's button with this label; null when it has none. */
export function buttonOn(
  message: Pick<ThreadMessage, 'blocks'>,
  label: string,
): Record<string, unknown> | null {
  for (const block of message.blocks) {
    const elements = z.array(z.unknown()).catch([]).parse(block['elements']);
    for (const element of elements) {
      const button = buttonSchema.safeParse(element);
      if (button.success && button.data.text.text === label)
        return { ...button.data, block_id: String(block['block_id'] ?? '') };
    }
  }
  return null;
}
