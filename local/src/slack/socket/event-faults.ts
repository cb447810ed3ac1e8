import type { EventFault } from '../page-api.ts';

/** What goes wrong with one event. */
export type EventFate = {
  readonly isDuplicate: boolean;
  /** The ack of the first delivery is not heard. */
  readonly isDeaf: boolean;
  /** Wait before the first delivery, in milliseconds. */
  readonly delayMs: number;
};

/** Rules about the next events of a type. `onChange` is told when one is set, used or ended. */
export function createEventFaults(onChange: () => void) {
  let rules: readonly EventFault[] = [];
  let made = 0;
  const set = (next: readonly EventFault[]): void => {
    rules = next;
    onChange();
  };
  /** The rule of this kind for an event, counted as used. */
  const use = (kind: EventFault['kind'], type: string): EventFault | null => {
    const found = rules.find(
      (rule) => rule.kind === kind && (rule.eventType === type || rule.eventType === '*'),
    );
    if (!found) return null;
    const used = rules.map((rule) => (rule === found ? { ...rule, left: rule.left - 1 } : rule));
    set(used.filter((rule) => rule.left > 0));
    return found;
  };
  return {
    /** Takes the place of an earlier rule of the same kind and type. */
    add(fault: Omit<EventFault, 'id'>): void {
      const others = rules.filter((rule) => rule.kind !== fault.kind || rule.eventType !== fault.eventType);
      made += 1;
      set([...others, { ...fault, id: `event-${made}` }]);
    },
    /** False when there is no such rule. */
    remove(id: string): boolean {
      const others = rules.filter((rule) => rule.id !== id);
      if (others.length === rules.length) return false;
      set(others);
      return true;
    },
    clear: (): void => set([]),
    list: (): readonly EventFault[] => rules,
    /** What becomes of the next event of this type. */
    take(type: string): EventFate {
      return {
        isDuplicate: use('duplicate', type) !== null,
        isDeaf: use('redeliver', type) !== null,
        delayMs: use('late', type)?.delayMs ?? 0,
      };
    },
  };
}
