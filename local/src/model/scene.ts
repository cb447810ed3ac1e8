/** A tool that the model asks for. */
export type ToolCall = { readonly tool: string; readonly args: Readonly<Record<string, unknown>> };

/** A tool call of the past with what the tool really returned; null while there is no result. */
export type FinishedCall = ToolCall & { readonly result: string | null };

/** One answer of the model in the past: what it said and the tools that it asked for. */
export type PastStep = {
  readonly said: string;
  readonly calls: readonly FinishedCall[];
  /** A tool of this step returned an image. */
  readonly sawImage: boolean;
};

/** What the model answers next. Without calls the work is over. */
export type Reply = {
  readonly say: string;
  readonly calls: readonly ToolCall[];
  /** The work ends without the result that was asked for. */
  readonly gaveUp?: boolean;
};

/** Everything that a scene may base its decision on. */
export type Story = {
  /** The person's words, without any wrapping. */
  readonly request: string;
  /** What has happened since the request, oldest first. */
  readonly steps: readonly PastStep[];
  /** When work is taken up again: what had happened before, oldest first. */
  readonly before: readonly PastStep[];
  /** An earlier run of the same request was cut off: what it did may be there already. */
  readonly resumed: boolean;
  /** The names of the tools that the model may call. */
  readonly tools: ReadonlySet<string>;
};

/** A kind of request that the demo model can work on, as a scripted mind: a pure function of the story. */
export type Scene = {
  /** A sentence that a person can send to try it. */
  readonly example: string;
  readonly matches: (request: string) => boolean;
  readonly next: (story: Story) => Reply;
};

/** The last word of a scene that did what was asked. */
export function finish(say: string): Reply {
  return { say, calls: [] };
}

/** The last word of a scene that could not do what was asked. */
export function giveUp(say: string): Reply {
  return { say, calls: [], gaveUp: true };
}

export function bash(command: string, description: string, timeoutMs = 120_000): ToolCall {
  return { tool: 'bash', args: { command, description, timeout: timeoutMs } };
}

export function read(filePath: string): ToolCall {
  return { tool: 'read', args: { filePath } };
}

export function edit(filePath: string, change: { from: string; to: string }): ToolCall {
  return { tool: 'edit', args: { filePath, oldString: change.from, newString: change.to } };
}

export function write(filePath: string, content: string): ToolCall {
  return { tool: 'write', args: { filePath, content } };
}

/** All tool calls of the story, oldest first. */
export function callsOf(story: Story): readonly FinishedCall[] {
  return story.steps.flatMap((step) => step.calls);
}

/** The bash calls of the story that ran exactly this command. */
export function runsOf(story: Story, command: string): readonly FinishedCall[] {
  return callsOf(story).filter((call) => call.tool === 'bash' && call.args['command'] === command);
}
