export type {
  Agent,
  AgentEvent,
  AgentFile,
  AgentLive,
  AgentModel,
  AgentOptions,
  AgentOutcome,
  AgentQuestion,
  AgentRuntime,
  AgentSession,
  Prompt,
  PromptFile,
  Todo,
} from './agent/agent.ts';
export { createOpenCode, type OpenCodeOptions } from './agent/opencode.ts';
export { SandboxError, type SandboxErrorCode } from './errors.ts';
export { createLocalProvider, type LocalProviderOptions } from './local.ts';
export type {
  ExecOptions,
  ExecResult,
  ProbeResult,
  Sandbox,
  SandboxCapabilities,
  SandboxInfo,
  SandboxLabels,
  SandboxPaths,
  SandboxProvider,
  SandboxSpec,
  SandboxState,
  Service,
} from './provider.ts';
export {
  adoptHead,
  bundleTo,
  type ClonePlan,
  type CommitPlan,
  cloneFromBundle,
  commitAll,
  hasClone,
  headSha,
  isAncestor,
  resetTo,
  restartBranch,
} from './workspace.ts';
export { type ChangedFile, diff, type WorkspaceDiff } from './workspace-diff.ts';
