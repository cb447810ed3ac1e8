import { z } from 'zod';

/** Who caused an event. */
export const actorSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('member'),
    /** The person's Slack id. */
    id: z.string().min(1).max(64),
    name: z.string().max(200),
    /** A guest or stranger of the team, or a bot: they may not command. */
    guest: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal('agent') }),
  z.object({ kind: z.literal('system') }),
]);
export type Actor = z.infer<typeof actorSchema>;

export const SYSTEM: Actor = { kind: 'system' };
export const AGENT: Actor = { kind: 'agent' };
