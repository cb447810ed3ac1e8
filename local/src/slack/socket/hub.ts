import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createAcks } from './acks.ts';
import { createConnections } from './connections.ts';

type EnvelopeType = 'events_api' | 'interactive' | 'slash_commands';
export type Envelope = {
  readonly type: EnvelopeType;
  readonly payload: Record<string, unknown>;
  readonly retry?: { readonly attempt: number; readonly reason: string };
  /** The ack is not heard, as if it were lost on the way. */
  readonly isDeaf?: boolean;
};

const ackMessage = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

type Options = {
  readonly ackTimeoutMs: number;
  readonly onOpen: () => void;
  readonly onClose: () => void;
};

export type Hub = ReturnType<typeof createHub>;

/** Socket Mode: envelopes out, acks in. Each envelope goes to one of the open sockets, in turn. */
export function createHub({ ackTimeoutMs, ...listeners }: Options) {
  const acks = createAcks(ackTimeoutMs);
  const connections = createConnections({
    ...listeners,
    onMessage(data) {
      const ack = ackMessage.safeParse(readJson(data));
      if (ack.success) acks.settle(ack.data.envelope_id, ack.data.payload ?? {});
    },
  });
  let turn = 0;
  return {
    sockets: (): number => connections.open().length,
    issueTicket: connections.issueTicket,
    upgrade: connections.upgrade,
    disconnect: connections.disconnect,
    cut: connections.cut,
    /** Resolves with the ack's payload, or null when no socket is open or no ack came in time. */
    async send({ type, payload, retry, isDeaf = false }: Envelope): Promise<unknown> {
      const open = connections.open();
      const socket = open[turn++ % Math.max(open.length, 1)];
      if (!socket) return null;
      const envelopeId = randomUUID();
      const events = { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' };
      const envelope = {
        envelope_id: envelopeId,
        type,
        accepts_response_payload: type !== 'events_api',
        ...(type === 'events_api' ? events : {}),
        payload,
      };
      socket.send(JSON.stringify(envelope));
      return acks.wait(isDeaf ? `unheard ${envelopeId}` : envelopeId);
    },
    close(): void {
      acks.close();
      connections.close();
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not an ack; Slack ignores what it does not understand
  }
}
