/**
 * Named moments of the work at which a fault harness may kill the process, wait or throw. Each name is
 * `area.moment`; they are listed where `at` is called. Outside of tests nothing happens at them.
 */
export interface FaultPoints {
  /** Called when the work is at this point. Whatever it throws is thrown into the work. */
  at(point: string): Promise<void>;
}

/** What products run with. */
export const noFaults: FaultPoints = { at: async () => undefined };
