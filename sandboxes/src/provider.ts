/**
 * The sandbox contract. A sandbox is an isolated machine in which runs happen; it outlives a run, not a session.
 * Every provider passes `testing/provider-contract.ts`. A sandbox is cattle: nothing may *need* stop/start or a snapshot.
 */
export type SandboxCapabilities = {
  /** Whether the files outlive `stop`. */
  readonly stop: boolean;
  readonly snapshot: boolean;
  /** How strongly what runs inside is kept away from this machine. Shown to people. */
  readonly isolation: 'vm' | 'container' | 'namespace' | 'none';
};

export type ProbeResult =
  | { readonly ok: true; readonly detail: string }
  | { readonly ok: false; readonly reason: string; readonly fix: string };

export type SandboxLabels = Readonly<Record<string, string>>;

export type SandboxSpec = {
  readonly labels: SandboxLabels;
  /** Variables for everything that runs inside. Never a secret of ours. */
  readonly env: Readonly<Record<string, string>>;
};

export type SandboxState = 'started' | 'stopped';
export type SandboxInfo = {
  readonly id: string;
  readonly labels: SandboxLabels;
  readonly state: SandboxState;
};

export interface SandboxProvider {
  /** `local`, `daytona`. */
  readonly id: string;
  readonly capabilities: SandboxCapabilities;
  /** Whether this provider can work here, and what to do when it cannot. */
  probe(signal?: AbortSignal): Promise<ProbeResult>;
  create(spec: SandboxSpec, signal?: AbortSignal): Promise<Sandbox>;
  /** The sandbox with this id, started or not; null when it is gone for good. Throws `sandbox.unreachable` when that cannot be known. */
  get(id: string, signal?: AbortSignal): Promise<Sandbox | null>;
  /** Those that carry all the given labels. */
  list(labels: SandboxLabels, signal?: AbortSignal): AsyncIterable<SandboxInfo>;
  /** Ends every process of this provider's sandboxes; their files stay. */
  close(): Promise<void>;
}

/** Absolute paths inside the sandbox. */
export type SandboxPaths = {
  /** The checkout of the repository. */
  readonly workspace: string;
  readonly home: string;
  /** Files of ours that the agent needs (its configuration, tools), outside of the checkout. */
  readonly runtime: string;
};

export type ExecOptions = {
  /** Default: the workspace. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After it everything that the command started is killed and `timedOut` is true. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Output as it comes; stdout and stderr in the order in which they arrived. */
  readonly onOutput?: (chunk: string) => void;
  /** How many characters of output are kept (the last ones). Default 200,000. */
  readonly maxOutput?: number;
};

export type ExecResult = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
};

/** A long-running process in the sandbox. */
export interface Service {
  /** Resolves with the exit code when it has ended for whatever reason. Never rejects. */
  readonly exited: Promise<number>;
  /** What it printed last (both streams), for an error message. At most 20,000 characters. */
  recentOutput(): string;
  kill(): Promise<void>;
}

export interface Sandbox {
  readonly id: string;
  readonly labels: SandboxLabels;
  readonly paths: SandboxPaths;
  state(): SandboxState;
  /** Makes it ready to run commands. Harmless when it is. */
  start(signal?: AbortSignal): Promise<void>;
  /** Ends every process in it, grandchildren that left their group included. The files stay where `capabilities.stop` says so. */
  stop(): Promise<void>;
  /** Ends it and removes its files. Harmless when it is gone. */
  delete(): Promise<void>;
  /** Runs a program and waits; argv, never a shell line. A program that cannot be started throws `sandbox.exec_failed`; a non-zero exit is a result. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Starts a program that stays. */
  serve(argv: readonly string[], options?: Pick<ExecOptions, 'cwd' | 'env'>): Promise<Service>;
  /** Parent folders are made. `mode` as in chmod, default 0o644. */
  writeFile(path: string, data: string | Uint8Array, mode?: number): Promise<void>;
  /** Throws `sandbox.file_not_found`. */
  readFile(path: string): Promise<Uint8Array>;
  /** Copies a file of the host into the sandbox, without holding it in memory. */
  upload(hostPath: string, path: string, signal?: AbortSignal): Promise<void>;
  /** Copies a file of the sandbox to the host. */
  download(path: string, hostPath: string, signal?: AbortSignal): Promise<void>;
  /** A port in the sandbox that nothing listens on now. */
  freePort(): Promise<number>;
  /** HTTP to a port inside. Streams. Rejects with `sandbox.unreachable` when nothing answers. */
  fetch(port: number, path: string, init?: RequestInit): Promise<Response>;
  /** Processes that run in it now: how "nothing left running" is proved. */
  processes(): Promise<readonly { readonly pid: number; readonly command: string }[]>;
}
