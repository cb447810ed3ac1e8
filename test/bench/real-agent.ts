import { join } from 'node:path';
import { readLogs } from '../chaos/evidence.ts';
import { connectWorkspace } from '../chaos/workspace-client.ts';
import { startProcess, until } from '../process.ts';
import { seconds } from './figures.ts';

type Row = readonly [string, string, string];

/** Mention → first tool call and mention → final, with the real OpenCode and the scripted model at its fast pace. */
export async function measureRealAgent(dir: string, runs: number): Promise<readonly Row[]> {
  const deckhand = await startProcess(dir, { DEMO_PACE: 'fast' });
  const workspace = connectWorkspace({
    url: `${deckhand.workspaceUrl}`,
    apiUrl: '',
    botToken: '',
    appToken: '',
  });
  const rows: Row[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const root = await workspace.post('@deckhand fix the failing test');
    const askedAt = Number(root) * 1000;
    const finalAt = await until('the final', async () => finalIn(await workspace.calls(), root));
    const toolAt = firstTool(join(dir, 'deckhand.sqlite'), root);
    rows.push([
      `run ${run}`,
      toolAt === null ? 'none' : seconds(toolAt - askedAt),
      seconds(finalAt - askedAt),
    ]);
  }
  await deckhand.interrupt();
  return rows;
}

function finalIn(calls: Awaited<ReturnType<ReturnType<typeof connectWorkspace>['calls']>>, root: string) {
  return calls.find(
    ({ method, args, answer }) =>
      method === 'chat.postMessage' &&
      args['thread_ts'] === root &&
      answer['ok'] === true &&
      String(args['metadata']).includes('/final"'),
  )?.at;
}

function firstTool(database: string, root: string): number | null {
  const { entries } = readLogs(database);
  const session = entries.find(({ event }) => event.type === 'turn.requested' && event.message?.ts === root);
  const tool = entries.find(
    ({ sessionId, event }) => sessionId === session?.sessionId && event.type === 'agent.tool_started',
  );
  return tool ? Date.parse(tool.at) : null;
}
