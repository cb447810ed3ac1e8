import type { PageEvent } from './page-api.ts';

/** Who may see an event: everyone, or only the people named. */
export type Audience = 'everyone' | readonly string[];

export type PageListener = (event: PageEvent, audience: Audience) => void;

export type PageBus = ReturnType<typeof createPageBus>;

/** Carries what happens to every open page. Nothing is kept: a page that comes back loads its state anew. */
export function createPageBus() {
  const listeners = new Set<PageListener>();
  return {
    publish(event: PageEvent, audience: Audience = 'everyone'): void {
      for (const listener of listeners) listener(event, audience);
    },
    /** Returns the function that ends the subscription. */
    subscribe(listener: PageListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
