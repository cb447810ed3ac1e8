import { type ArtifactId, type SessionId, UpstreamError } from 'orchestrator/domain';
import type { OutboxRow } from './outbox.ts';
import type { SlackApi, Thread } from './slack-api.ts';
import type { Slot } from './thread-view/slots.ts';
import type { FileContent, MessageContent } from './views/blocks.ts';
import { inPlainBlocks } from './views/fallback.ts';

/** Slack's words for blocks that it does not know or take. */
const BLOCK_ERRORS: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'unsupported_block_type',
]);

export type DeliveryDeps = {
  readonly slack: SlackApi;
  readonly artifact: (id: ArtifactId) => Promise<{ readonly bytes: Uint8Array } | null>;
};

export type Delivery = {
  readonly sessionId: SessionId;
  readonly thread: Thread;
  readonly slot: Slot;
  readonly row: OutboxRow;
  /** Nothing was tried before, so the message cannot be there yet. */
  readonly isFirstTry: boolean;
};

/**
 * Makes a thread hold one slot: edits its message where there is one, else posts it. After a try that may have worked
 * it looks for the message first. Answers with the message's ts; null for an upload, which is not edited.
 */
export async function deliver(deps: DeliveryDeps, delivery: Delivery): Promise<string | null> {
  const { slot, row, thread, isFirstTry } = delivery;
  const found = isFirstTry || row.ts !== null ? row.ts : await findPosted(deps.slack, delivery);
  if (slot.content.kind === 'file') {
    if (found === null) await upload(deps, thread, slot.content);
    return found;
  }
  if (found !== null) {
    const message = { channel: thread.channel, ts: found };
    await withFallback(slot.content, (content) => deps.slack.update(message, content));
    return found;
  }
  const mark = { session: delivery.sessionId, slot: slot.key };
  const { ts } = await withFallback(slot.content, (content) => deps.slack.post(thread, content, mark));
  return ts;
}

async function findPosted(slack: SlackApi, { sessionId, thread, slot }: Delivery): Promise<string | null> {
  const { content } = slot;
  for await (const message of slack.thread(thread)) {
    if (message.slot?.session === sessionId && message.slot.slot === slot.key) return message.ts;
    if (content.kind === 'file' && message.fileNames.some((name) => name.startsWith(content.artifactId)))
      return message.ts;
  }
  return null;
}

async function upload(deps: DeliveryDeps, thread: Thread, content: FileContent): Promise<void> {
  const artifact = await deps.artifact(content.artifactId);
  if (!artifact) throw new UpstreamError('slack.refused', 'artifact_missing');
  // The artifact's id in the name is how an upload is found again: files carry no metadata.
  const name = `${content.artifactId}-${content.name}`;
  await deps.slack.upload(thread, { name, title: content.title, bytes: artifact.bytes });
}

/** A workspace that does not know the newest blocks gets the same message in old ones. */
async function withFallback<T>(
  content: MessageContent,
  send: (content: MessageContent) => Promise<T>,
): Promise<T> {
  try {
    return await send(content);
  } catch (error) {
    if (!(error instanceof UpstreamError) || !BLOCK_ERRORS.has(error.message)) throw error;
    return send(inPlainBlocks(content));
  }
}
