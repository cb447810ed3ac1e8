import { z } from 'zod';

type FailureFacts = {
  /** Whether trying again by itself can help. */
  readonly retryable: boolean;
  /** What a person reads: what broke and what they can do. */
  readonly sentence: string;
};

/** Every failure code: `area.reason`. Failures are what broke outside; refusals are what the domain says no to. */
export const FAILURES = {
  'run.lost': {
    retryable: true,
    sentence: 'Deckhand was restarted in the middle of this. The work so far is kept.',
  },
  'run.timed_out': {
    retryable: false,
    sentence: 'This took longer than a run may take. The work so far is kept; reply to go on.',
  },
  'run.internal': {
    retryable: false,
    sentence: 'Something broke on our side. The work so far is kept; reply to try again.',
  },
  'sandbox.gone': {
    retryable: true,
    sentence: 'The sandbox was lost. What had been saved before is used in a new one.',
  },
  'sandbox.unreachable': {
    retryable: true,
    sentence: 'The sandbox does not answer. It may still hold work, so it is not replaced.',
  },
  'sandbox.start_failed': { retryable: true, sentence: 'No sandbox could be started.' },
  'sandbox.failed': { retryable: false, sentence: 'A command in the sandbox could not be run.' },
  'agent.start_failed': { retryable: true, sentence: 'The coding agent did not start.' },
  'agent.unreachable': { retryable: true, sentence: 'The coding agent stopped answering.' },
  'agent.failed': { retryable: false, sentence: 'The coding agent reported an error.' },
  'agent.interrupted': { retryable: true, sentence: 'The coding agent was interrupted.' },
  'model.refused': {
    retryable: false,
    sentence:
      'The model refused the request: its key, name or quota is wrong. Ask whoever runs Deckhand to check it, then reply to try again.',
  },
  'model.unreachable': { retryable: true, sentence: 'The model does not answer.' },
  'code_host.unreachable': { retryable: true, sentence: 'The code host does not answer.' },
  'code_host.unauthorized': {
    retryable: false,
    sentence: 'The code host refused our access. Ask whoever runs Deckhand to check it.',
  },
  'code_host.not_found': {
    retryable: false,
    sentence: 'The code host does not know this repository or branch.',
  },
  'code_host.refused': { retryable: false, sentence: 'The code host refused this.' },
  'slack.unreachable': { retryable: true, sentence: 'Slack does not answer.' },
  'slack.refused': { retryable: false, sentence: 'Slack refused this.' },
} as const satisfies Record<string, FailureFacts>;

export type FailureCode = keyof typeof FAILURES;

export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURES, code);
}

export const failureCodeSchema = z.custom<FailureCode>(
  (value) => typeof value === 'string' && isFailureCode(value),
);

/** Every refusal: a value with a code, and the sentence that the person who asked reads. */
export const REFUSALS = {
  no_such_session: 'There is no such session.',
  session_exists: 'This thread already has a session.',
  session_closed: 'This session is closed. Reopen it to go on.',
  session_open: 'This session is open already.',
  duplicate_turn: 'This message is being worked on already.',
  queue_full: 'Ten requests are waiting already. Wait for one to finish, or cancel one.',
  no_such_turn: 'There is no such request any more.',
  turn_open: 'This request is not over yet.',
  asked_again: 'It was asked for again already.',
  overtaken: 'Other work was done since. Write what you want instead.',
  turn_running: 'This request is being worked on. Use Stop instead.',
  turn_begun:
    'Work on this request began before you changed it. Reply with what should be different, or stop it and ask anew.',
  turn_unchanged: 'The request says that already.',
  nothing_running: 'Nothing is running.',
  turn_over: 'That request is over already; there is nothing to stop.',
  nothing_held: 'No follow-ups wait for this any more.',
  nothing_to_discard:
    'There is nothing to discard any more: other work has begun since, or it was discarded.',
  already_discarding: 'It is being discarded already.',
  not_allowed: 'Guests can read along here, but not give orders. Ask a full member of the workspace.',
  stale_run: 'That run is over.',
  already_running: 'A run is going on already.',
  already_stopping: 'It is being stopped already.',
  duplicate_question: 'This question was asked already.',
  no_such_question: 'This question has been answered or is over.',
  no_such_approval: 'This approval has been decided or is over.',
  nothing_to_publish: 'There is no change to make a pull request of.',
  pull_request_pending: 'The pull request is being made already.',
  pull_request_open: 'There is a pull request already; it follows the branch by itself.',
  pull_request_known: 'This pull request is known already.',
  no_such_pull_request: 'This session has no such pull request.',
  no_repository: 'No repository is set up. Add one, then ask again.',
  ambiguous_repository: 'More than one repository is set up. Name one with `repo:owner/name`.',
  unknown_repository: 'That repository is not set up here.',
  other_repository:
    'This session works in the repository that it began with. Ask in a new thread for another one.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;
export type Refused = { readonly refused: RefusalCode };

export function isRefused(value: object): value is Refused {
  return 'refused' in value;
}

/** Something outside of us broke: Slack, the code host, the model's host. */
export class UpstreamError extends Error {
  readonly code: FailureCode;
  readonly retryable: boolean;

  constructor(code: FailureCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'UpstreamError';
    this.code = code;
    this.retryable = options.retryable ?? FAILURES[code].retryable;
  }
}

/** The log has moved since it was read: read again and decide again. */
export class Conflict extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Conflict';
  }
}
