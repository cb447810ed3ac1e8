import { createHash } from 'node:crypto';
import { UpstreamError } from 'orchestrator/domain';
import type { Database } from 'orchestrator/platform/documents';
import type { Logger } from 'orchestrator/platform/log';
import type { Identity } from './slack-api.ts';

type IdentityRow = Identity & {
  /** A digest of the bot token: another token may be another bot's. */
  readonly _id: string;
};

/**
 * Who we are, as Slack says; while Slack is down as it said the last time, so that an outage keeps no session from going
 * on after a restart.
 */
export async function identifyOrRemember(options: {
  readonly database: Database;
  readonly botToken: string;
  readonly identify: () => Promise<Identity>;
  readonly log: Logger;
}): Promise<Identity> {
  const { database, botToken, identify, log } = options;
  const rows = await database.collection<IdentityRow>('slack_identity', []);
  const _id = createHash('sha256').update(botToken).digest('hex');
  try {
    const identity = await identify();
    await rows.updateOne({ _id }, { $set: identity }, { upsert: true });
    return identity;
  } catch (err) {
    const known = err instanceof UpstreamError && err.retryable ? await rows.findOne({ _id }) : null;
    if (known === null) throw err;
    log.warn({ err }, 'slack did not answer, started with what it said before');
    const { teamId, botUserId, botId } = known;
    return { teamId, botUserId, botId };
  }
}
