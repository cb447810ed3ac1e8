import { useSyncExternalStore } from 'react';

/**
 * Whether the page has woken up in the browser. False on the server and in the browser's first look at what the server
 * has sent, which must come out the same; true from then on, at once for what appears later.
 */
export function useAwake(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

function never(): () => void {
  return () => {};
}
