import { join } from 'node:path';
import { makeOrigin } from '../chaos/file-code-host.ts';
import {
  type DeckhandLife,
  startDeckhandProcess,
  startWorkspaceProcess,
  type WorkspaceProcess,
} from '../chaos/processes.ts';

/** A local workspace and a Deckhand with the light agent, each a process of its own. */
export type Stage = {
  readonly workspace: WorkspaceProcess;
  readonly deckhand: DeckhandLife;
  readonly database: string;
  close(): Promise<void>;
};

/** Sets the stage in a folder; with the product's own pace and Slack's own waits. */
export async function setStage(
  dir: string,
  options: { readonly concurrentSessions?: number } = {},
): Promise<Stage> {
  const originDir = join(dir, 'origin.git');
  await makeOrigin(originDir);
  const workspace = await startWorkspaceProcess(join(dir, 'workspace'), { waits: 'slack' });
  const dataDir = join(dir, 'data');
  const deckhand = await startDeckhandProcess(dir, {
    dataDir,
    originDir,
    slack: workspace.addresses,
    faults: [],
    ...options,
  });
  if (!(await deckhand.ready)) throw new Error(`Deckhand did not start: ${deckhand.stderr()}`);
  return {
    workspace,
    deckhand,
    database: join(dataDir, 'deckhand.sqlite'),
    close: async () => {
      deckhand.signal('SIGTERM');
      await deckhand.ended;
      await workspace.close();
    },
  };
}
