import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import type { ArtifactId, QuestionId, RunId, SessionId, TurnId } from '../domain/index.ts';

/**
 * New ids. With a key the id is made of the key, so that whoever asks twice (a redelivered message) gets the same one
 * and the log's own uniqueness does the rest.
 */
export const ids = {
  session: (key?: string): SessionId => `ses_${key === undefined ? ulid() : digest(key)}`,
  turn: (key?: string): TurnId => `trn_${key === undefined ? ulid() : digest(key)}`,
  run: (): RunId => `run_${ulid()}`,
  artifact: (): ArtifactId => `art_${ulid()}`,
  question: (): QuestionId => `que_${ulid()}`,
};

/** 26 characters, as long as a ULID: 104 bits. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 26);
}
