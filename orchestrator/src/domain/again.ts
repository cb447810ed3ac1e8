import { z } from 'zod';
import { turnIdSchema } from './ids.ts';

/** A request that asks for an earlier turn once more: to go on where it was stopped, or to try what has failed. */
export const againSchema = z.object({ of: turnIdSchema, why: z.enum(['resume', 'retry']) });
export type Again = z.infer<typeof againSchema>;
