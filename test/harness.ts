import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, SessionId } from 'orchestrator/domain';
import { createLogger } from 'orchestrator/platform/log';
import { readConfig } from '../local/src/config.ts';
import { type RunningDeckhand, startDeckhand } from '../local/src/deckhand.ts';
import type { Message, OpenView } from '../local/src/slack/page-api.ts';
import { TEAM } from '../local/src/slack/seed.ts';
import type { LocalSlack } from '../local/src/slack/server.ts';

/** A whole Deckhand on the stand-ins, in this process, with a data folder of its own. */
export type World = {
  readonly running: RunningDeckhand;
  readonly workspace: LocalSlack;
  readonly dataDir: string;
  readonly logFile: string;
  close(): Promise<void>;
};

type Options = { readonly dataDir?: string; readonly env?: Readonly<Record<string, string>> };

export async function startWorld(options: Options = {}): Promise<World> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'deckhand-story-')));
  const config = readConfig({
    DECKHAND_DATA: dataDir,
    CONSOLE_PORT: '0',
    WORKSPACE_PORT: '0',
    GIT_HOST_PORT: '0',
    DEMO_PACE: 'fast',
    ...options.env,
  });
  const logFile = join(dataDir, 'deckhand.log');
  const running = await startDeckhand(config, {
    logger: createLogger({ service: 'story', level: 'debug', file: logFile }),
  });
  if (!running.workspace) throw new Error('a story runs in the local workspace');
  return {
    running,
    workspace: running.workspace,
    dataDir,
    logFile,
    close: async () => {
      await running.close();
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a person does and sees in one channel of the workspace. */
export function personIn(workspace: LocalSlack, as: string, channel: string) {
  const { people } = workspace;
  const thread = (ts: string): readonly Message[] =>
    people.messages({ as, channel, thread_ts: ts, limit: 100 }).messages;
  const say = (text: string, threadTs?: string): string =>
    people.post({ as, channel, text, ...(threadTs && { threadTs }) }).ts;

  /** Waits for a message of the thread that fits; looks again whenever the workspace has changed. */
  function see(
    threadTs: string,
    what: string,
    fits: (message: Message) => boolean,
    timeoutMs = 90_000,
  ): Promise<Message> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = thread(threadTs).find(fits);
        if (!found) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        reject(
          new Error(
            `never saw ${what} in the thread, which holds:\n${thread(threadTs).map(textOf).join('\n---\n')}`,
          ),
        );
      }, timeoutMs);
      const unsubscribe = workspace.onPageEvent(() => queueMicrotask(look));
      const end = () => {
        clearTimeout(timer);
        unsubscribe();
      };
      look();
    });
  }

  async function press(message: Message, label: string): Promise<void> {
    const { action, blockId } = buttonOf(message, label);
    const answer = await people.press({
      as,
      container: { channel, ts: message.ts },
      action: { ...action, type: 'button', action_id: String(action['action_id']), block_id: blockId },
    });
    if (!answer.ok) throw new Error(`pressing ${label}: ${answer.warning}`);
  }

  return {
    say,
    see,
    thread,
    press,
    react: (ts: string, name: string) => people.react({ as, channel, ts, name }),
  };
}

/** Everything that a reader of a message could read, blocks included. */
export function textOf(message: Message): string {
  return `${message.text}\n${JSON.stringify(message.blocks ?? [])}\n${(message.files ?? []).map((file) => file.name).join('\n')}`;
}

export function hasButton(message: Message, label: string): boolean {
  return findButton(message, label) !== null;
}

function buttonOf(message: Message, label: string) {
  const found = findButton(message, label);
  if (!found) throw new Error(`no button ${label} in ${textOf(message)}`);
  return found;
}

type Json = Record<string, unknown>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** Buttons stand in actions blocks and as accessories. */
function findButton(
  message: Message,
  label: string,
): { readonly action: Json; readonly blockId: string } | null {
  for (const block of message.blocks ?? []) {
    const fields: unknown = block;
    if (!isJson(fields)) continue;
    const elements: unknown[] = Array.isArray(fields['elements'])
      ? fields['elements']
      : [fields['accessory']];
    const action = elements.filter(isJson).find((element) => isButton(element, label));
    if (action) return { action, blockId: String(fields['block_id'] ?? '') };
  }
  return null;
}

function isButton(element: Json, label: string): boolean {
  return element['type'] === 'button' && isJson(element['text']) && element['text']['text'] === label;
}

/** Ids of the local workspace; they are the same in every fresh one. */
export const ANA = 'U0ANALIMA0';
export const BO = 'U0BOCHEN00';
export const ENGINEERING = 'C0ENGINEER';

/** Slots that the bot's messages carry in their metadata: the way to count finals without reading words. */
export function slotsIn(workspace: LocalSlack): readonly string[] {
  return workspace
    .calls('chat.postMessage')
    .filter((call) => call.answer['ok'] === true)
    .map((call) => slotOf(call.args))
    .filter((slot) => slot !== null);
}

function slotOf(args: Json): string | null {
  const { metadata } = args;
  const parsed: unknown = typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
  if (!isJson(parsed) || !isJson(parsed['event_payload'])) return null;
  const { slot } = parsed['event_payload'];
  return typeof slot === 'string' ? slot : null;
}

/** Asks the git host as a person with the full token would. */
export async function gitHost(
  world: World,
  method: 'GET' | 'POST',
  path: string,
  body?: Json,
): Promise<Json[] | Json> {
  const { url, token } = world.running.gitHost;
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  if (Array.isArray(answer)) return answer.filter(isJson);
  if (isJson(answer)) return answer;
  throw new Error(`${method} ${path} answered with ${typeof answer}`);
}

/** Final messages that were posted so far. */
export function finals(world: World): number {
  return slotsIn(world.workspace).filter((slot) => slot.endsWith('/final')).length;
}

/** The session of a thread, as soon as there is one. */
function sessionOf(world: World, threadTs: string, channel: string): Promise<SessionId> {
  const { deckhand } = world.running;
  return new Promise((resolve, reject) => {
    const look = async () => {
      const sessionId = await deckhand.sessionInThread({ team: TEAM.id, channel, threadTs });
      if (!sessionId) return;
      end();
      resolve(sessionId);
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`the thread ${threadTs} has no session`));
    }, 10_000);
    const unsubscribe = deckhand.onAdvance(() => void look());
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
    };
    void look();
  });
}

/** The log of the session in a thread; a story's log fits into one page. */
export async function logOf(
  world: World,
  threadTs: string,
  channel = ENGINEERING,
): Promise<readonly Entry[]> {
  return world.running.deckhand.log(await sessionOf(world, threadTs, channel), { afterSeq: 0, limit: 1000 });
}

/** Waits until the log of a thread's session holds an event of this type. */
export async function entry(
  world: World,
  threadTs: string,
  type: Entry['event']['type'],
  channel = ENGINEERING,
): Promise<Entry> {
  const sessionId = await sessionOf(world, threadTs, channel);
  const signal = AbortSignal.timeout(60_000);
  for await (const followed of world.running.deckhand.follow(sessionId, { afterSeq: 0, signal })) {
    if (followed.kind === 'entry' && followed.entry.event.type === type) return followed.entry;
  }
  throw new Error(`no ${type} in the log of ${threadTs}`);
}

/** Fills the modal that is open for a person, by the block ids of its inputs, and submits it. */
export async function submitOpenModal(
  workspace: LocalSlack,
  as: string,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  const view = await openModal(workspace, as);
  const values: Record<string, Record<string, { type: string; value: string }>> = {};
  for (const block of view.blocks) {
    const fields: unknown = block;
    if (!isJson(fields) || !isJson(fields['element']) || fields['element']['type'] !== 'plain_text_input')
      continue;
    const blockId = String(fields['block_id']);
    const actionId = String(fields['element']['action_id']);
    const value = texts[blockId] ?? String(fields['element']['initial_value'] ?? '');
    values[blockId] = { [actionId]: { type: 'plain_text_input', value } };
  }
  const answer = await workspace.people.submit({ as, viewId: view.id, values });
  if (!answer.ok) throw new Error(`the modal was refused: ${JSON.stringify(answer)}`);
}

function openModal(workspace: LocalSlack, as: string): Promise<OpenView> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const view = workspace.people.openViews(as).at(-1);
      if (!view) return;
      clearTimeout(timer);
      unsubscribe();
      resolve(view);
    };
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new Error('no modal was opened'));
    }, 5000);
    const unsubscribe = workspace.onPageEvent(() => queueMicrotask(look));
    look();
  });
}
