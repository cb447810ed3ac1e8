import { SandboxError, type SandboxErrorCode } from 'sandboxes';
import { type FailureCode, UpstreamError } from '../domain/index.ts';

/** A run went on for longer than it may. */
export class RunTimeout extends Error {}

const CODES: Record<SandboxErrorCode, FailureCode> = {
  'sandbox.gone': 'sandbox.gone',
  'sandbox.unreachable': 'sandbox.unreachable',
  'sandbox.start_failed': 'sandbox.start_failed',
  'sandbox.exec_failed': 'sandbox.failed',
  'sandbox.file_not_found': 'sandbox.failed',
  'sandbox.unsupported': 'sandbox.failed',
  'agent.start_failed': 'agent.start_failed',
  'agent.unreachable': 'agent.unreachable',
  'agent.session_lost': 'agent.interrupted',
  'agent.model_refused': 'model.refused',
  'agent.model_unreachable': 'model.unreachable',
  'agent.failed': 'agent.failed',
};

/** What the log says of an error. A bug of ours is `run.internal`: the worker logs it with its stack. */
export function failureOf(error: unknown): { readonly code: FailureCode; readonly detail: string } {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof SandboxError) return { code: CODES[error.code], detail };
  if (error instanceof UpstreamError) return { code: error.code, detail };
  if (error instanceof RunTimeout) return { code: 'run.timed_out', detail };
  return { code: 'run.internal', detail };
}
