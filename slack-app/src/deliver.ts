import { createHash } from 'node:crypto';
import { type ArtifactId, type SessionId, UpstreamError } from 'orchestrator/domain';
import type { Outcome } from './scheduler/scheduler-types.ts';
import type { SlackApi, Thread, Turn } from './slack-api.ts';
import { isBlockCode } from './slack-troubles.ts';
import type { Slot } from './thread-view/slots.ts';
import type { FileContent, MessageContent } from './views/blocks.ts';
import { inPlainBlocks } from './views/fallback.ts';
import { LIMITS, truncate } from './views/limits.ts';

export type DeliverDeps = {
  readonly slack: SlackApi;
  readonly artifact: (id: ArtifactId) => Promise<{ readonly bytes: Uint8Array } | null>;
};

export type Delivering = {
  readonly sessionId: SessionId;
  readonly thread: Thread;
  readonly slot: Slot;
  /** Of the message that is edited; null to post. */
  readonly ts: string | null;
  readonly turn: Turn;
};

/** Posts, edits or uploads one slot. Answers with the message's ts; null for an upload, which is not edited. */
export async function deliver(
  deps: DeliverDeps,
  delivering: Delivering,
): Promise<Outcome<{ readonly ts: string | null }>> {
  const { slot, thread, ts, turn, sessionId } = delivering;
  const { content } = slot;
  if (content.kind === 'file') {
    const uploaded = await upload(deps, delivering, content);
    return uploaded.sent ? { sent: true, value: { ts: null } } : uploaded;
  }
  if (ts === null) {
    const mark = { session: sessionId, slot: slot.key };
    return inSteps(content, (blocks) => deps.slack.post(thread, blocks, mark, turn));
  }
  const message = { channel: thread.channel, ts };
  const edited = await inSteps(content, (blocks) => deps.slack.update(message, blocks, turn));
  return edited.sent ? { sent: true, value: { ts } } : edited;
}

async function upload(
  deps: DeliverDeps,
  { thread, turn }: Delivering,
  content: FileContent,
): Promise<Outcome<unknown>> {
  const artifact = await deps.artifact(content.artifactId);
  if (!artifact) throw new UpstreamError('slack.refused', 'artifact_missing');
  // The artifact's id in the name is how an upload is found again: files carry no metadata.
  const name = `${content.artifactId}-${content.name}`;
  return deps.slack.upload(thread, { name, title: content.title, bytes: artifact.bytes }, turn);
}

/** A workspace that refuses the blocks gets the same message in old ones, and one that refuses those too in words. */
async function inSteps<T>(
  content: MessageContent,
  send: (content: MessageContent) => Promise<T>,
): Promise<T> {
  const simpler = [content, inPlainBlocks(content)];
  for (const version of simpler) {
    try {
      return await send(version);
    } catch (error) {
      if (!(error instanceof UpstreamError) || !isBlockCode(error.message)) throw error;
    }
  }
  return send({ ...content, text: truncate(content.text, LIMITS.section), blocks: [] });
}

/** What a slot says in words, for whoever looks at it outside of Slack. */
export function wordsOf({ content }: Slot): string {
  return content.kind === 'file' ? content.title : content.text;
}

/** Two slots with the same hash look the same. */
export function hashOf(slot: Slot): string {
  return createHash('sha256').update(JSON.stringify(slot.content)).digest('hex').slice(0, 24);
}
