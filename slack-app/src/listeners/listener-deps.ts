import type { Deckhand } from 'orchestrator/client';
import type { SessionId } from 'orchestrator/domain';
import type { Logger } from 'orchestrator/platform/log';
import type { Directory } from '../directory.ts';
import type { Inbox } from '../inbox.ts';
import type { Outbox } from '../outbox.ts';
import type { Projector } from '../projector.ts';
import type { Identity, SlackApi } from '../slack-api.ts';

/** What listeners work with. */
export type ListenerDeps = {
  readonly deckhand: Deckhand;
  readonly slack: SlackApi;
  readonly directory: Directory;
  readonly projector: Pick<Projector, 'state'>;
  readonly identity: Identity;
  readonly outbox: Pick<Outbox, 'slotOfMessage' | 'row' | 'thread'>;
  readonly inbox: Pick<Inbox, 'again'>;
  readonly sessionUrl: (sessionId: SessionId) => string;
  readonly log: Logger;
};
