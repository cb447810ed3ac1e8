export { denied } from './access.ts';
export { type Actor, AGENT, actorSchema, SYSTEM } from './actor.ts';
export type { Again } from './again.ts';
export {
  type Command,
  commandSchema,
  type DiscardReport,
  type EngineCommand,
  type PullRequestReport,
} from './commands.ts';
export { decide, RETRY_WAITS_MS } from './decide.ts';
export { type Decision, QUEUE_LIMIT } from './decision.ts';
export {
  type Change,
  changeSchema,
  type Entry,
  entrySchema,
  type Fact,
  type FactOf,
  factSchema,
  isFact,
  type LiveEvent,
  type SessionEvent,
  sessionEventSchema,
  type Todo,
  type Trace,
  traceSchema,
} from './events.ts';
export { evolve, fold } from './evolve.ts';
export {
  Conflict,
  FAILURES,
  type FailureCode,
  isFailureCode,
  isRefused,
  REFUSALS,
  type RefusalCode,
  type Refused,
  UpstreamError,
} from './failures.ts';
export {
  type ApprovalId,
  type ArtifactId,
  artifactIdSchema,
  type QuestionId,
  questionIdSchema,
  type RunId,
  runIdSchema,
  type SessionId,
  sessionIdSchema,
  type TurnId,
  turnIdSchema,
} from './ids.ts';
export { askAgain, quotedThread, requestOf, withThread } from './request-text.ts';
export { isNamed, namedRepository, reword, withoutRepository } from './reword.ts';
export {
  type OpenSession,
  type PullRequest,
  type SessionState,
  type Turn,
  UNOPENED,
} from './session-state.ts';
export { currentTurn } from './stopping.ts';
export { type ThreadRef, type Trigger, threadOf, triggerSchema } from './triggers.ts';
