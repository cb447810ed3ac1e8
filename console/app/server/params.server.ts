import { type ArtifactId, artifactIdSchema, type SessionId, sessionIdSchema } from 'orchestrator/domain';
import { z } from 'zod';

/** The id in an address. Throws a 404 response for what cannot be one. */
export function sessionIdOf(params: { readonly id?: string | undefined }): SessionId {
  const id = sessionIdSchema.safeParse(params.id);
  if (!id.success) throw notFound();
  return id.data;
}

export function artifactIdOf(params: { readonly id?: string | undefined }): ArtifactId {
  const id = artifactIdSchema.safeParse(params.id);
  if (!id.success) throw notFound();
  return id.data;
}

export function notFound(): Response {
  return new Response('Not found', { status: 404, statusText: 'Not Found' });
}

const seqSchema = z.coerce.number().int().nonnegative();

/** A position in a log. 0, its beginning, for anything that is none. */
export function seqOf(text: string | null): number {
  return seqSchema.safeParse(text ?? '').data ?? 0;
}
