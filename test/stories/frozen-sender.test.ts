import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import { gather } from '../chaos/evidence.ts';
import { makeOrigin } from '../chaos/file-code-host.ts';
import { violations } from '../chaos/invariants.ts';
import {
  type DeckhandLife,
  startDeckhandProcess,
  startWorkspaceProcess,
  type WorkspaceProcess,
} from '../chaos/processes.ts';
import type { ArmedFault } from '../chaos/settings.ts';
import { ANA, connectWorkspace } from '../chaos/workspace-client.ts';

/** A lease that ends while a test watches, and outlives a call as the product's does. In milliseconds. */
const TIMING = { leaseMs: 2_500, leaseLeftMs: 1_000, callTimeoutMs: 900 };
/** Long enough to stop the process in it. In milliseconds. */
const PAUSE_MS = 1_500;
/** Without a call for so long a process has nothing more to say: it looks again every half second at most. In milliseconds. */
const STILL_MS = 1_500;

let dir: string;
let workspace: WorkspaceProcess;
let lives: DeckhandLife[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'deckhand-frozen-'));
  await makeOrigin(join(dir, 'origin.git'));
  workspace = await startWorkspaceProcess(join(dir, 'workspace'), { waits: 'short' });
  lives = [];
});
afterEach(async () => {
  for (const life of lives) {
    life.signal('SIGKILL');
    await life.ended;
  }
  await workspace.close();
  await rm(dir, { recursive: true, force: true });
});

async function startLife(faults: readonly ArmedFault[]): Promise<DeckhandLife> {
  const life = await startDeckhandProcess(dir, {
    dataDir: join(dir, 'data'),
    sandboxesDir: join(dir, `sandboxes-${lives.length}`),
    originDir: join(dir, 'origin.git'),
    slack: workspace.addresses,
    cardIntervalMs: 50,
    timing: TIMING,
    faults: [...faults],
  });
  lives.push(life);
  if (!(await life.ready)) throw new Error(life.stderr());
  return life;
}

function wordsOf({ sessions }: Awaited<ReturnType<typeof look>>) {
  return (sessions[0]?.thread ?? []).map(({ ts, text, metadata }) => ({ ts, text, metadata }));
}

function isQuiet(calls: readonly { readonly at: number }[]): boolean {
  return Date.now() - (calls.at(-1)?.at ?? 0) > STILL_MS;
}

function look(posts: Parameters<typeof gather>[2]['posts'], of: DeckhandLife) {
  const inChannel = (channel: string) => connectWorkspace(workspace.addresses, channel);
  const known = { posts, errors: of.errors, deaths: [] };
  return gather(join(dir, 'data', 'deckhand.sqlite'), inChannel, known);
}

describe('a process that is frozen on its way to Slack for longer than its lease', () => {
  it.each(['outbox.before_desire', 'scheduler.before_send', 'sender.before_call', 'sender.after_call'])(
    'at %s is replaced by another one, and writes nothing more when it goes on',
    async (point) => {
      const fault = { point, nth: 1, after: 'run.after_save', act: 'delay', ms: PAUSE_MS } as const;
      const first = await startLife([fault]);
      const client = connectWorkspace(workspace.addresses);
      const ts = await client.post('@deckhand please have a look, scene:quick');
      const posts = [{ ts, threadTs: ts, as: ANA, kind: 'request' }] as const;
      await until(() => first.notices.some((one) => one.chaos === 'fault'), 'the first is on its way');
      first.signal('SIGSTOP');
      const second = await startLife([]);
      await until(async () => violations(await look(posts, second)).length === 0, 'the second has done it');
      await until(async () => isQuiet(await client.calls()), 'the second is at rest');
      const before = wordsOf(await look(posts, second));
      const calls = (await client.calls()).length;
      first.signal('SIGCONT');
      // It ends in order when it has done what it had begun.
      first.signal('SIGTERM');
      await first.ended;
      const after = await look(posts, second);
      expect(violations(after)).toEqual([]);
      expect(wordsOf(after)).toEqual(before);
      // Who is in doubt whether it wrote into a message writes it once more, under a lease of its own; never what is old.
      const written = (await client.calls()).slice(calls).filter(({ method }) => method.startsWith('chat.'));
      const words = new Set(before.map(({ text }) => text));
      const isRepeated = (call: (typeof written)[number]) =>
        call.method === 'chat.update' && words.has(String(call.args['text']));
      expect(written.filter((call) => !isRepeated(call))).toEqual([]);
    },
  );
});
