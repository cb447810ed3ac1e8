/**
 * What can go wrong with a sandbox. `sandbox.gone` and `sandbox.unreachable` have different fates: an unreachable
 * sandbox may hold the only copy of somebody's work and is never replaced; one that is gone is.
 */
export type SandboxErrorCode =
  | 'sandbox.gone'
  | 'sandbox.unreachable'
  | 'sandbox.start_failed'
  | 'sandbox.exec_failed'
  | 'sandbox.file_not_found'
  | 'sandbox.unsupported'
  | 'agent.start_failed'
  | 'agent.unreachable'
  | 'agent.session_lost'
  | 'agent.model_refused'
  | 'agent.model_unreachable'
  | 'agent.failed';

export class SandboxError extends Error {
  readonly code: SandboxErrorCode;
  /** Whether the same step may succeed when it is tried again a little later. */
  readonly retryable: boolean;

  constructor(code: SandboxErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'SandboxError';
    this.code = code;
    this.retryable = options.retryable;
  }
}
