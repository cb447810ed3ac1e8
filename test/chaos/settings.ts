import { z } from 'zod';

/** What is to happen when the work passes a fault point for the nth time in one life of the process. */
const armedFaultSchema = z.object({
  point: z.string(),
  /** 1 for the first passage. */
  nth: z.number().int().min(1),
  /** Passages are counted from the first passage of this point on; without it from the start. */
  after: z.string().optional(),
  /**
   * `kill`: SIGKILL at the point. `kill_after`: the point is passed and the process dies right behind it. `throw`: what
   * is done there fails, as when the store does.
   */
  act: z.enum(['kill', 'kill_after', 'delay', 'throw']),
  /** Of a delay. */
  ms: z.number().int().min(0).default(0),
});
export type ArmedFault = z.infer<typeof armedFaultSchema>;

/** What one life of the Deckhand process is started with; a JSON file, named by its only argument. */
export const settingsSchema = z.object({
  dataDir: z.string(),
  originDir: z.string(),
  /** Without it in the data folder. Two processes at once need two, as on two machines. */
  sandboxesDir: z.string().optional(),
  slack: z.object({ botToken: z.string(), appToken: z.string(), apiUrl: z.string() }),
  faults: z.array(armedFaultSchema),
  /** Sessions that work at the same time; without it the product's own number. */
  concurrentSessions: z.number().int().min(1).optional(),
  /** Without it the product's own. */
  cardIntervalMs: z.number().int().min(0).optional(),
  /** Waits of the delivery, shortened to the length of a schedule. */
  timing: z
    .object({
      placeWaitMs: z.number().exactOptional(),
      probeEveryMs: z.number().exactOptional(),
      shortGapMs: z.number().exactOptional(),
      spareAfterMs: z.number().exactOptional(),
      leaseMs: z.number().exactOptional(),
      leaseLeftMs: z.number().exactOptional(),
      callTimeoutMs: z.number().exactOptional(),
    })
    .optional(),
});
export type Settings = z.input<typeof settingsSchema>;

/** What the process tells whoever started it, as a line of JSON between the lines of its log. */
export const noticeSchema = z.discriminatedUnion('chaos', [
  z.object({ chaos: z.literal('ready') }),
  z.object({ chaos: z.literal('fault'), point: z.string(), nth: z.number(), act: z.string() }),
  z.object({ chaos: z.literal('memory'), rss: z.number() }),
]);
export type Notice = z.infer<typeof noticeSchema>;

/** Slack did not answer when the process started: it may be started again (the number of sysexits' EX_TEMPFAIL). */
export const TRY_AGAIN = 75;
