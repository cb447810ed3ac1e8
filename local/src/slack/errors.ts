type RefusalOptions = ErrorOptions & { readonly detail?: Record<string, unknown> };

/** The workspace's "no", as the Web API says it: `{ ok: false, error: code, ...detail }`. */
export class SlackError extends Error {
  readonly code: string;
  readonly detail: Record<string, unknown>;

  constructor(code: string, { detail = {}, ...options }: RefusalOptions = {}) {
    super(code, options);
    this.name = 'SlackError';
    this.code = code;
    this.detail = detail;
  }
}

/** A refusal that names what is wrong and where, as Slack does in `response_metadata.messages`. */
export function refusal(code: string, messages: readonly string[]): SlackError {
  const detail = { response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) } };
  return new SlackError(code, { detail });
}
