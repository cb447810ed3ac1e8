import { z } from 'zod';
import { type CallFault, faultLimits } from '../page-api.ts';

/** What a test asks the workspace to do wrong. Rules are taken in order; a used-up rule disappears. */
export const faultRule = z
  .strictObject({
    /** `chat.postMessage`, or `*` for any method. */
    method: z.string().min(1),
    /** 1 is the next matching call. */
    nth: z.number().int().min(1).default(1),
    /** How many calls in a row fail. */
    times: z.number().int().min(1).max(faultLimits.times).default(1),
    delayMs: z.number().min(0).max(faultLimits.delayMs).default(0),
    /** Answer with this HTTP status and no work done; 429 carries `retryAfterSeconds`. */
    status: z.number().int().min(400).max(599).optional(),
    retryAfterSeconds: z.number().int().min(0).default(1),
    /** Answer `ok: false` with this code and no work done. */
    error: z.string().min(1).optional(),
    /** Do the work, then break the connection instead of answering. */
    dropAnswer: z.boolean().default(false),
  })
  .refine((rule) => rule.delayMs > 0 || rule.status || rule.error || rule.dropAnswer, {
    error: 'nothing goes wrong: give delayMs, status, error or dropAnswer',
  });

export type FaultRule = z.input<typeof faultRule>;
export type Faults = ReturnType<typeof createFaults>;

/** Rules about the next Web API calls. `onChange` is told when one is set, used or ended. */
export function createFaults(onChange: () => void) {
  let rules: readonly CallFault[] = [];
  let made = 0;
  let isDown = false;
  const set = (next: readonly CallFault[]): void => {
    rules = next;
    onChange();
  };
  return {
    add(rule: FaultRule): void {
      const { nth, times, status = null, error = null, ...fault } = faultRule.parse(rule);
      made += 1;
      set([...rules, { ...fault, id: `call-${made}`, skip: nth - 1, left: times, status, error }]);
    },
    /** False when there is no such rule. */
    remove(id: string): boolean {
      const others = rules.filter((rule) => rule.id !== id);
      if (others.length === rules.length) return false;
      set(others);
      return true;
    },
    clear(): void {
      isDown = false;
      set([]);
    },
    list: (): readonly CallFault[] => rules,
    /** The fault for this call, counted as used. */
    take(method: string): CallFault | null {
      const fits = (rule: CallFault): boolean => rule.method === method || rule.method === '*';
      if (!rules.some(fits)) return null;
      const due = rules.find((rule) => fits(rule) && rule.skip === 0) ?? null;
      const used = rules.map((rule) => {
        if (rule === due) return { ...rule, left: rule.left - 1 };
        return fits(rule) && rule.skip > 0 ? { ...rule, skip: rule.skip - 1 } : rule;
      });
      set(used.filter((rule) => rule.left > 0));
      return due;
    },
    isDown: (): boolean => isDown,
    /** Down: every request of the app and every new socket is broken without an answer. */
    setDown(value: boolean): void {
      isDown = value;
      onChange();
    },
  };
}
