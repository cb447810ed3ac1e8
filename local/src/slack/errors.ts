/** The workspace's "no", as the Web API says it: `{ ok: false, error: code, ...detail }`. */
export class SlackError extends Error {
  readonly code: string;
  readonly detail: Record<string, unknown>;

  constructor(code: string, detail: Record<string, unknown> = {}) {
    super(code);
    this.name = 'SlackError';
    this.code = code;
    this.detail = detail;
  }
}

/** A refusal that names what is wrong and where, as Slack does in `response_metadata.messages`. */
export function refusal(code: string, messages: readonly string[]): SlackError {
  return new SlackError(code, { response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) } });
}
