import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { linesOf, startProgram, startWorkspaceProcess } from '../chaos/processes.ts';
import { type Addresses, connectWorkspace } from '../chaos/workspace-client.ts';
import { milliseconds, quantile } from './figures.ts';
import { setStage } from './stage.ts';

/** Not counted: code is compiled and connections are opened. */
const WARM_UP = 5;
const LOOK_MS = 10;
/** Slack takes one post a second into a channel, and Deckhand keeps to that: the last final must not delay the next card. */
const PAUSE_MS = 1_300;
const PATIENCE_MS = 60_000;

type Row = readonly [string, string, string];

/** Mention → first message in its thread: Deckhand's card beside the answer of a bare Bolt app, in milliseconds. */
export async function measureFirstMessage(dir: string, samples: number): Promise<readonly Row[]> {
  const echo = await timesOfEcho(join(dir, 'echo'), samples);
  const deckhand = await timesOfDeckhand(join(dir, 'deckhand'), samples);
  return [0.5, 0.95].map((share) => {
    const [ours, theirs] = [quantile(deckhand, share), quantile(echo, share)];
    return [`p${share * 100}`, `${milliseconds(ours)} / ${milliseconds(theirs)}`, (ours / theirs).toFixed(1)];
  });
}

async function timesOfDeckhand(dir: string, samples: number): Promise<readonly number[]> {
  const stage = await setStage(dir);
  // The final comes after the card: the next sample finds an idle Deckhand.
  const times = await sample(stage.workspace.addresses, { samples, messages: 2 });
  await stage.close();
  return times;
}

async function timesOfEcho(dir: string, samples: number): Promise<readonly number[]> {
  const workspace = await startWorkspaceProcess(join(dir, 'workspace'), { waits: 'slack' });
  const { apiUrl, botToken, appToken } = workspace.addresses;
  const path = fileURLToPath(new URL('./echo-process.ts', import.meta.url));
  const { child, ended } = startProgram(path, [apiUrl, botToken, appToken]);
  await new Promise<void>((resolve) => linesOf(child, () => resolve()));
  const times = await sample(workspace.addresses, { samples, messages: 1 });
  child.kill('SIGKILL');
  await ended;
  await workspace.close();
  return times;
}

/** One mention after the other. The time is that between the two timestamps that the workspace gave. */
async function sample(
  addresses: Addresses,
  { samples, messages }: { readonly samples: number; readonly messages: number },
): Promise<readonly number[]> {
  const workspace = connectWorkspace(addresses);
  const times: number[] = [];
  for (let number = 0; number < WARM_UP + samples; number += 1) {
    const root = await workspace.post(`@deckhand please do number ${number}, scene:quick`);
    const first = await answered(() => workspace.thread(root), messages);
    await sleep(PAUSE_MS);
    if (number >= WARM_UP) times.push((Number(first) - Number(root)) * 1000);
  }
  return times;
}

async function answered(
  look: () => Promise<readonly { readonly ts: string }[]>,
  messages: number,
): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const [, ...answers] = await look();
    if (answers[0] && answers.length >= messages) return answers[0].ts;
    await sleep(LOOK_MS);
  }
  throw new Error('a mention was not answered');
}
