import { SandboxError, type SandboxErrorCode } from '../errors.ts';
import type { WireError } from './opencode-wire.ts';

/** Statuses of a model's host that say "later", though they are in the range of the asker's faults. */
const temporaryStatuses = new Set([408, 409, 425, 429]);

/** Whether the run was stopped rather than broken. */
export function isAbortion(error: WireError): boolean {
  return error.name === 'MessageAbortedError';
}

/** The failure that OpenCode reports, told apart by name and status. */
export function toFailure(error: WireError): SandboxError {
  const code = failureCode(error);
  const message = error.data.message || error.name;
  return new SandboxError(code, message, { retryable: code === 'agent.model_unreachable', cause: error });
}

function failureCode({ name, data }: WireError): SandboxErrorCode {
  if (name === 'ProviderAuthError' || name === 'ProviderModelNotFoundError') return 'agent.model_refused';
  if (name !== 'APIError') return 'agent.failed';
  const status = data.statusCode;
  if (status === undefined || status >= 500 || temporaryStatuses.has(status))
    return 'agent.model_unreachable';
  return status >= 400 ? 'agent.model_refused' : 'agent.failed';
}
