import { z } from 'zod';
import type { DisconnectReason } from '../socket/connections.ts';
import type { Workspace } from '../workspace.ts';
import type { Call, CallLog } from './call-log.ts';
import { type FaultRule, type Faults, faultRule } from './faults.ts';
import type { RateLimits } from './rate-limits.ts';

/** One order of a test in another process; the body of `POST /local/api/faults`. */
const control = z.union([
  z.strictObject({ fault: faultRule }),
  z.strictObject({ clear: z.literal(true) }),
  z.strictObject({ down: z.boolean() }),
  z.strictObject({ rateLimits: z.boolean() }),
  z.strictObject({
    disconnect: z.enum(['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets', 'cut']),
  }),
  z.strictObject({ duplicate: z.string(), times: z.number().int().min(1).default(1) }),
]);

export type Controls = ReturnType<typeof createControls>;

type Deps = {
  readonly workspace: Workspace;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly callLog: CallLog;
};

/** What tests see of the app's calls, and what they can make go wrong. */
export function createControls({ workspace, faults, rateLimits, callLog }: Deps) {
  const { hub, queue } = workspace;
  const api = {
    list: faults.list,
    /** Makes Web API calls fail; see `faultRule`. */
    add: (rule: FaultRule): void => faults.add(rule),
    /** Ends every fault, also `down`. */
    clear: (): void => faults.clear(),
    /** Slack's published rate limits; off until switched on. */
    setRateLimits: (isOn: boolean): void => rateLimits.setOn(isOn),
    /** Breaks all sockets and every request of the app, until set back. */
    setDown(isDown: boolean): void {
      faults.setDown(isDown);
      if (isDown) hub.cut();
    },
    /** Tells every socket to reconnect. */
    disconnect: (reason: DisconnectReason): void => hub.disconnect(reason),
    /** Breaks every socket without a word. */
    cutSockets: (): void => hub.cut(),
    /** The next events of this type, such as `app_mention`, are delivered twice. */
    duplicateEvents: (type: string, times = 1): void => queue.duplicate(type, times),
  };
  return {
    faults: api,
    calls: (method?: string): Call[] => callLog.list(method),
    /** Carries out one order. Throws ZodError when it is none. */
    apply(body: unknown): void {
      const order = control.parse(body);
      if ('fault' in order) api.add(order.fault);
      else if ('clear' in order) api.clear();
      else if ('down' in order) api.setDown(order.down);
      else if ('rateLimits' in order) api.setRateLimits(order.rateLimits);
      else if ('duplicate' in order) api.duplicateEvents(order.duplicate, order.times);
      else if (order.disconnect === 'cut') api.cutSockets();
      else api.disconnect(order.disconnect);
    },
  };
}
