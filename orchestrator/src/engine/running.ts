import type { OpenSession } from '../domain/index.ts';

/** A session in which a run goes on. */
export type Running = Extract<OpenSession, { status: 'running' }>;
/** A session in which nothing runs. */
export type Idle = Extract<OpenSession, { status: 'idle' }>;
