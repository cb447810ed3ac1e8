const KEPT = 5000;

/** One Web API call, as the app made it. */
export type Call = {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the workspace answered, also when the answer was dropped on the way. */
  readonly answer: Readonly<Record<string, unknown>>;
  readonly status: number;
};

export type CallLog = ReturnType<typeof createCallLog>;

/** The last calls of the app, oldest first. */
export function createCallLog() {
  const calls: Call[] = [];
  return {
    add(call: Call): void {
      calls.push(call);
      if (calls.length > KEPT) calls.shift();
    },
    list: (method?: string): Call[] => calls.filter((call) => !method || call.method === method),
  };
}
