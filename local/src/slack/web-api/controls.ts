import { z } from 'zod';
import { SlackError } from '../errors.ts';
import {
  type DisconnectOrder,
  type EventFault,
  type FaultChoices,
  type FaultState,
  faultLimits,
  type WhichSockets,
} from '../page-api.ts';
import type { Workspace } from '../workspace.ts';
import type { Call, CallLog } from './call-log.ts';
import { type FaultRule, type Faults, faultRule } from './faults.ts';
import type { RateLimits } from './rate-limits.ts';

const times = z.number().int().min(1).max(faultLimits.times).default(1);
const disconnects = ['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets', 'cut'] as const;

export type Controls = ReturnType<typeof createControls>;

type Deps = {
  readonly workspace: Workspace;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly callLog: CallLog;
  readonly choices: FaultChoices;
  /** Told when the rate limits are switched; the rest tells by itself. */
  readonly onChange: () => void;
};

/** What tests and people see of the app's calls, and what they can make go wrong. */
export function createControls(deps: Deps) {
  const api = createFaultApi(deps);
  const { callLog, choices } = deps;
  const carryOut = createOrders(api, choices);
  return {
    faults: api,
    choices,
    calls: (method?: string): Call[] => callLog.list(method),
    latestCalls: callLog.latest,
    /** Carries out one order, see `FaultOrder`. Throws ZodError or SlackError when it is none. */
    apply: carryOut,
  };
}

type FaultApi = ReturnType<typeof createFaultApi>;

function createFaultApi({ workspace, faults, rateLimits, onChange }: Deps) {
  const { hub, queue } = workspace;
  const addEventFault = (fault: Omit<EventFault, 'id' | 'delayMs'>, delayMs = 0): void =>
    queue.faults.add({ ...fault, delayMs });
  return {
    /** All that is set to go wrong. */
    state: (): FaultState => ({
      isDown: faults.isDown(),
      rateLimits: rateLimits.isOn(),
      calls: faults.list(),
      events: queue.faults.list(),
      heldEvents: queue.heldEvents(),
    }),
    /** Makes Web API calls fail; see `faultRule`. */
    add: (rule: FaultRule): void => faults.add(rule),
    /** Ends one rule. Throws fault_not_found when it is over already. */
    remove(id: string): void {
      if (!faults.remove(id) && !queue.faults.remove(id)) throw new SlackError('fault_not_found');
    },
    /** Ends every fault, also `down` and the rate limits; late events are delivered now. */
    clear(): void {
      faults.clear();
      queue.clearFaults();
      rateLimits.setOn(false);
      onChange();
    },
    /** Slack's published rate limits; off until switched on. */
    setRateLimits(isOn: boolean): void {
      rateLimits.setOn(isOn);
      onChange();
    },
    /** Breaks all sockets and every request of the app, until set back. */
    setDown(isDown: boolean): void {
      faults.setDown(isDown);
      if (isDown) hub.cut('all');
    },
    /** Tells sockets to reconnect; `cut` breaks them without a word. */
    disconnect: (reason: DisconnectOrder, which: WhichSockets = 'all'): void =>
      reason === 'cut' ? hub.cut(which) : hub.disconnect(reason, which),
    /** Breaks every socket without a word. */
    cutSockets: (): void => hub.cut('all'),
    /** The next events of this type, such as `app_mention`, are delivered twice. */
    duplicateEvents: (type: string, times = 1): void =>
      addEventFault({ kind: 'duplicate', eventType: type, left: times }),
    /** The first ack of the next events of this type is not heard: they come again, as a retry after a timeout. */
    redeliverEvents: (type: string, times = 1): void =>
      addEventFault({ kind: 'redeliver', eventType: type, left: times }),
    /** The next events of this type are delivered `delayMs` late, so that others overtake them. */
    delayEvents: (type: string, { times = 1, delayMs }: { times?: number; delayMs: number }): void =>
      addEventFault({ kind: 'late', eventType: type, left: times }, delayMs),
  };
}

/** The orders of `POST /local/api/faults`, by the field that names them. */
function createOrders(api: FaultApi, { methods, eventTypes }: FaultChoices): (body: unknown) => void {
  const knownRule = faultRule.refine(({ method }) => isAmong(methods, method), {
    path: ['method'],
    error: 'no such method',
  });
  const eventType = z.string().refine((type) => isAmong(eventTypes, type), { error: 'no such event type' });
  const orders: Readonly<Record<string, (body: unknown) => void>> = {
    fault: order({ fault: knownRule }, ({ fault }) => api.add(fault)),
    duplicate: order({ duplicate: eventType, times }, (given) =>
      api.duplicateEvents(given.duplicate, given.times),
    ),
    redeliver: order({ redeliver: eventType, times }, (given) =>
      api.redeliverEvents(given.redeliver, given.times),
    ),
    late: order(
      { late: eventType, times, delayMs: z.number().min(1).max(faultLimits.delayMs) },
      ({ late, ...how }) => api.delayEvents(late, how),
    ),
    down: order({ down: z.boolean() }, ({ down }) => api.setDown(down)),
    rateLimits: order({ rateLimits: z.boolean() }, ({ rateLimits }) => api.setRateLimits(rateLimits)),
    disconnect: order(
      { disconnect: z.enum(disconnects), sockets: z.enum(['all', 'oldest']).default('all') },
      ({ disconnect, sockets }) => api.disconnect(disconnect, sockets),
    ),
    remove: order({ remove: z.string() }, ({ remove }) => api.remove(remove)),
    clear: order({ clear: z.literal(true) }, () => api.clear()),
  };
  const named = z.record(z.string(), z.unknown());
  return (body) => {
    const name = Object.keys(named.parse(body)).find((field) => Object.hasOwn(orders, field));
    const carryOut = name === undefined ? undefined : orders[name];
    if (!carryOut) throw new SlackError('unknown_order', { detail: { orders: Object.keys(orders) } });
    carryOut(body);
  };
}

function isAmong(known: readonly string[], name: string): boolean {
  return name === '*' || known.includes(name);
}

function order<S extends z.ZodRawShape>(
  shape: S,
  act: (given: z.output<z.ZodObject<S, z.core.$strict>>) => void,
): (body: unknown) => void {
  const schema = z.strictObject(shape);
  return (body) => act(schema.parse(body));
}
