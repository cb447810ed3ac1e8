import type { Logger } from './log.ts';

/** Things that were opened, closed in the reverse order. Closing goes on when one of them fails to. */
export type Resources = {
  add(name: string, close: () => Promise<void> | void): void;
  close(): Promise<void>;
};

export function createResources(log: Logger): Resources {
  const open: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<void> | null = null;

  async function closeAll(): Promise<void> {
    for (const resource of open.reverse()) {
      try {
        await resource.close();
      } catch (err) {
        log.warn({ err, resource: resource.name }, 'resource did not close');
      }
    }
  }

  return {
    add: (name, close) => {
      open.push({ name, close });
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}
