import { z } from 'zod';

/** Typed ids: a prefix says what the id names. New ids end in a ULID, so they sort by the time they were made. */
export type SessionId = `ses_${string}`;
export type TurnId = `trn_${string}`;
export type RunId = `run_${string}`;
export type ArtifactId = `art_${string}`;
export type QuestionId = `que_${string}`;
export type ApprovalId = `apr_${string}`;

function idSchema<Prefix extends string>(prefix: Prefix) {
  return z.templateLiteral([`${prefix}_` as const, z.string().regex(/^[0-9A-Za-z]{1,64}$/)]);
}

export const sessionIdSchema = idSchema('ses');
export const turnIdSchema = idSchema('trn');
export const runIdSchema = idSchema('run');
export const artifactIdSchema = idSchema('art');
export const questionIdSchema = idSchema('que');
export const approvalIdSchema = idSchema('apr');
