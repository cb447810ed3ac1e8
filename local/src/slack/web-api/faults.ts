import { z } from 'zod';

/** What a test asks the workspace to do wrong. Rules are taken in order; a used-up rule disappears. */
export const faultRule = z.object({
  /** `chat.postMessage`, or `*` for any method. */
  method: z.string(),
  /** 1 is the next matching call. */
  nth: z.number().int().min(1).default(1),
  /** How many calls in a row fail. */
  times: z.number().int().min(1).default(1),
  delayMs: z.number().min(0).default(0),
  /** Answer with this HTTP status and no work done; 429 carries `retryAfterSeconds`. */
  status: z.number().int().optional(),
  retryAfterSeconds: z.number().int().default(1),
  /** Answer `ok: false` with this code and no work done. */
  error: z.string().optional(),
  /** Do the work, then break the connection instead of answering. */
  dropAnswer: z.boolean().default(false),
});

export type FaultRule = z.input<typeof faultRule>;
export type Fault = z.output<typeof faultRule>;
export type Faults = ReturnType<typeof createFaults>;

export function createFaults() {
  let rules: { fault: Fault; skip: number; left: number }[] = [];
  let isDown = false;
  return {
    add(rule: FaultRule): void {
      const fault = faultRule.parse(rule);
      rules.push({ fault, skip: fault.nth - 1, left: fault.times });
    },
    clear(): void {
      rules = [];
      isDown = false;
    },
    list: (): Fault[] => rules.map((rule) => rule.fault),
    /** The fault for this call, counted as used. */
    take(method: string): Fault | null {
      const matching = rules.filter((rule) => rule.fault.method === method || rule.fault.method === '*');
      const due = matching.find((rule) => rule.skip === 0);
      for (const rule of matching) if (rule.skip > 0) rule.skip -= 1;
      if (!due) return null;
      due.left -= 1;
      rules = rules.filter((rule) => rule.left > 0);
      return due.fault;
    },
    isDown: (): boolean => isDown,
    /** Down: every request of the app and every new socket is broken without an answer. */
    setDown(value: boolean): void {
      isDown = value;
    },
  };
}
