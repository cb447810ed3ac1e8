import { useOutletContext } from '@remix-run/react';
import type { LiveLog } from '../live/live-log.ts';

/** What a session's page hands to its tabs. */
export type SessionOutlet = { readonly log: LiveLog };

export function useSessionLog(): LiveLog {
  return useOutletContext<SessionOutlet>().log;
}
