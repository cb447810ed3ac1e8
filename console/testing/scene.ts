import type { Actor, Change, SessionEvent, Todo } from 'orchestrator/domain';
import { SYSTEM } from 'orchestrator/domain';
import type { FakeArtifact, Written } from './fake-deckhand.ts';
import { picture } from './picture.ts';
import { EDIT_DIFF, FAILING, PASSING, PATCH } from './scene-texts.ts';

type Moment = Written & { readonly afterMs: number };

const ANA: Actor = { kind: 'member', id: 'U0ANA', name: 'Ana Ruiz' };

function plan(done: number, working = true): readonly Todo[] {
  return [
    'Reproduce the wrong total',
    'Fix the discount in total()',
    'Add a test',
    'Run the whole suite',
  ].map((text, index): Todo => {
    if (index < done) return { text, status: 'completed' };
    return { text, status: index === done && working ? 'in_progress' : 'pending' };
  });
}

/** Ids of one scene: every session's are its own. */
export function sceneIds(name: string) {
  return {
    sessionId: `ses_${name}` as const,
    turn: (number: number) => `trn_${name}${number}` as const,
    run: (number: number) => `run_${name}${number}` as const,
    patch: `art_${name}Patch` as const,
    shot: `art_${name}Shot` as const,
  };
}
type SceneIds = ReturnType<typeof sceneIds>;

export function opening(ids: SceneIds, title: string, text: string): readonly Moment[] {
  const threadTs = `17000000${ids.sessionId.length}.000100`;
  return [
    {
      afterMs: 0,
      actor: ANA,
      event: {
        type: 'session.opened',
        trigger: { kind: 'slack_message', team: 'T0ACME', channel: 'C0SHOP', threadTs },
        repository: 'acme/storefront',
        baseBranch: 'main',
        branch: `deckhand/${title
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .slice(0, 32)}`,
        title,
      },
    },
    { afterMs: 20, actor: ANA, event: { type: 'turn.requested', turnId: ids.turn(1), text } },
  ];
}

export function runStart(ids: SceneIds, number: number, turn = 1): readonly Moment[] {
  const runId = ids.run(number);
  const prepared: SessionEvent = {
    type: 'run.prepared',
    runId,
    sandboxId: 'sbx_7f3a',
    provider: 'local',
    isolation: 'none',
    agentSessionId: 'ses_agent',
    baseSha: '3b18e51c0ffee',
    startSha: '3b18e51c0ffee',
    resumed: number > 1,
  };
  return [
    {
      afterMs: 300,
      actor: SYSTEM,
      event: { type: 'run.started', runId, turnId: ids.turn(turn), attempt: number, model: 'demo/scripted' },
    },
    { afterMs: 40, actor: SYSTEM, event: { type: 'run.progressed', runId, step: 'sandbox' } },
    { afterMs: 900, actor: SYSTEM, event: { type: 'run.progressed', runId, step: 'clone' } },
    { afterMs: 700, actor: SYSTEM, event: { type: 'run.progressed', runId, step: 'agent' } },
    { afterMs: 2100, actor: SYSTEM, event: prepared },
    { afterMs: 10, actor: SYSTEM, event: { type: 'run.progressed', runId, step: 'work' } },
  ];
}

type ToolCall = {
  readonly tool: string;
  readonly title: string;
  readonly input: object;
  readonly output: string;
  readonly tookMs: number;
  readonly exitCode?: number;
  readonly diff?: string;
  readonly ok?: boolean;
};

function toolCall(
  ids: SceneIds,
  { run, id }: { run: number; id: string },
  call: ToolCall,
): readonly Moment[] {
  const shared = { runId: ids.run(run), callId: id, tool: call.tool, title: call.title };
  return [
    { afterMs: 400, event: { type: 'agent.tool_started', ...shared, input: JSON.stringify(call.input) } },
    {
      afterMs: call.tookMs,
      event: {
        type: 'agent.tool_finished',
        ...shared,
        ok: call.ok ?? true,
        output: call.output,
        durationMs: call.tookMs,
        ...(call.exitCode !== undefined && { exitCode: call.exitCode }),
        ...(call.diff !== undefined && { diff: call.diff }),
      },
    },
    {
      afterMs: 30,
      event: {
        type: 'agent.stepped',
        runId: ids.run(run),
        costUsd: 0.021,
        inputTokens: 9200,
        outputTokens: 340,
      },
    },
  ];
}

export function working(ids: SceneIds, run = 1): readonly Moment[] {
  const runId = ids.run(run);
  const call = (id: string, what: ToolCall) => toolCall(ids, { run, id: `${id}${run}` }, what);
  return [
    {
      afterMs: 1500,
      event: {
        type: 'agent.thought',
        runId,
        text: 'The total is off by a multiple of the number of lines, so the discount is probably taken per line instead of once. I should look at total.ts and its callers before I touch anything.',
      },
    },
    {
      afterMs: 800,
      event: {
        type: 'agent.said',
        runId,
        text: 'I will first reproduce the wrong total, then fix it in `total()` and keep a test.',
      },
    },
    { afterMs: 50, event: { type: 'agent.planned', runId, todos: [...plan(0)] } },
    ...call('glob', {
      tool: 'glob',
      title: 'src/cart/**',
      input: { pattern: 'src/cart/**' },
      output: 'src/cart/line.ts\nsrc/cart/total.ts\n',
      tookMs: 60,
    }),
    ...call('grep', {
      tool: 'grep',
      title: 'total(',
      input: { pattern: 'total\\(', include: '*.ts' },
      output:
        'Found 4 matches\nsrc/cart/total.ts:4\nsrc/checkout/pay.ts:18\nsrc/checkout/pay.ts:31\nsrc/mail/receipt.ts:7',
      tookMs: 80,
    }),
    ...call('read', {
      tool: 'read',
      title: 'src/cart/total.ts',
      input: { filePath: '/workspace/src/cart/total.ts' },
      output: '00001| import type { Line } from "./line.ts";',
      tookMs: 30,
    }),
    ...call('bash', {
      tool: 'bash',
      title: 'Run the tests',
      input: { command: 'npm test', description: 'Run the tests' },
      output: FAILING,
      tookMs: 3400,
      exitCode: 1,
      ok: true,
    }),
    { afterMs: 50, event: { type: 'agent.planned', runId, todos: [...plan(1)] } },
    {
      afterMs: 900,
      event: {
        type: 'agent.said',
        runId,
        text: 'Reproduced: **1980** instead of **1800**. The discount is taken once *per line*:\n\n```ts\nsum += line.price * line.quantity - discount;\n```\n\nI take it once, from the sum, and round in favour of the customer.',
      },
    },
    ...call('edit', {
      tool: 'edit',
      title: 'src/cart/total.ts',
      input: { filePath: '/workspace/src/cart/total.ts', oldString: '…', newString: '…' },
      output: 'Edit applied successfully.',
      tookMs: 90,
      diff: EDIT_DIFF,
    }),
    { afterMs: 50, event: { type: 'agent.planned', runId, todos: [...plan(2)] } },
    ...call('write', {
      tool: 'write',
      title: 'src/cart/total.test.ts',
      input: {
        filePath: '/workspace/src/cart/total.test.ts',
        content: "import assert from 'node:assert/strict';\nimport { it } from 'node:test';\n",
      },
      output: 'Wrote file successfully.',
      tookMs: 40,
    }),
    { afterMs: 50, event: { type: 'agent.planned', runId, todos: [...plan(3)] } },
    ...call('again', {
      tool: 'bash',
      title: 'Run the whole suite',
      input: { command: 'npm test', description: 'Run the whole suite' },
      output: PASSING,
      tookMs: 4200,
      exitCode: 0,
    }),
    { afterMs: 50, event: { type: 'agent.planned', runId, todos: [...plan(4, false)] } },
  ];
}

export function changeOf(ids: SceneIds): Change {
  return {
    headSha: 'a9c1f02deadbeef',
    baseSha: '3b18e51c0ffee',
    additions: 20,
    deletions: 3,
    fileCount: 2,
    files: [
      { path: 'src/cart/total.ts', status: 'modified', additions: 9, deletions: 3 },
      { path: 'src/cart/total.test.ts', status: 'added', additions: 11, deletions: 0 },
    ],
    patch: ids.patch,
  };
}

export function finishing(ids: SceneIds, run = 1): readonly Moment[] {
  const runId = ids.run(run);
  return [
    { afterMs: 400, actor: SYSTEM, event: { type: 'run.progressed', runId, step: 'checks' } },
    {
      afterMs: 4100,
      actor: SYSTEM,
      event: {
        type: 'check.finished',
        runId,
        command: 'npm test',
        exitCode: 0,
        durationMs: 4080,
        output: PASSING,
      },
    },
    {
      afterMs: 700,
      actor: SYSTEM,
      event: {
        type: 'artifact.added',
        artifactId: ids.shot,
        runId,
        kind: 'screenshot',
        name: 'cart.png',
        mime: 'image/png',
        size: 5120,
      },
    },
    { afterMs: 60, actor: SYSTEM, event: { type: 'run.progressed', runId, step: 'save' } },
    {
      afterMs: 300,
      actor: SYSTEM,
      event: {
        type: 'artifact.added',
        artifactId: ids.patch,
        runId,
        kind: 'patch',
        name: 'changes.patch',
        mime: 'text/x-diff',
        size: PATCH.length,
      },
    },
    {
      afterMs: 100,
      actor: SYSTEM,
      event: {
        type: 'run.finished',
        runId,
        summary:
          'The discount is now taken **once from the sum** and not from each line.\n\n- `total()` in `src/cart/total.ts` takes a percentage and rounds in favour of the customer\n- a new test holds it: 10 % of 20.00 is 2.00, with any number of lines\n\nAll 24 tests pass.',
        change: changeOf(ids),
      },
    },
  ];
}

export function pullRequest(ids: SceneIds): readonly Moment[] {
  const { headSha } = changeOf(ids);
  const title = 'Take a discount once per cart';
  const url = 'http://127.0.0.1:8090/acme/storefront/pulls/7';
  return [
    {
      afterMs: 9000,
      actor: ANA,
      event: { type: 'pull_request.requested', title, body: 'Fixes the total.', draft: false },
    },
    {
      afterMs: 1200,
      actor: SYSTEM,
      event: { type: 'pull_request.opened', number: 7, url, title, headSha, draft: false },
    },
  ];
}

export function sceneArtifacts(ids: SceneIds): readonly FakeArtifact[] {
  return [
    { artifactId: ids.patch, name: 'changes.patch', mime: 'text/x-diff', bytes: Buffer.from(PATCH) },
    { artifactId: ids.shot, name: 'cart.png', mime: 'image/png', bytes: picture() },
  ];
}

/** Gives every moment its time, the first at `startMs` (milliseconds since the epoch). */
export function timed(startMs: number, moments: readonly Moment[]): readonly Written[] {
  let at = startMs;
  return moments.map(({ afterMs, ...written }) => {
    at += afterMs;
    return { ...written, at: new Date(at).toISOString() };
  });
}

export type { Moment, SceneIds };
