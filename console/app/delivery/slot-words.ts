import type { SlotDelivery } from 'orchestrator/client';

const TURN_SLOTS: Readonly<Record<string, string>> = { card: 'Card', final: 'Result' };

const OTHER_SLOTS: Readonly<Record<string, string>> = {
  question: 'Question',
  approval: 'Approval',
  evidence: 'Evidence',
  held: 'Held follow-ups',
};

/** What a person calls a slot: "Result of turn 2". A slot of a kind that this page does not know keeps its own name. */
export function slotName(slot: string, turns: readonly string[]): string {
  const [area = '', id = '', part = '', told = ''] = slot.split('/');
  if (area === 'pull-request') return `Pull request #${id}`;
  if (area !== 'turn') return OTHER_SLOTS[area] ?? slot;
  const kind = TURN_SLOTS[part];
  if (kind === undefined) return slot;
  const number = turns.indexOf(id) + 1;
  const name = number === 0 ? kind : `${kind} of turn ${number}`;
  return told === 'told' ? `${name}, told in person` : name;
}

/** How a message stands, in a word or two, and in the colour that says whether somebody must look. */
export function slotState(slot: Pick<SlotDelivery, 'state' | 'sent' | 'problem'>): {
  readonly label: string;
  readonly color: string;
} {
  switch (slot.state) {
    case 'sent':
      return { label: 'Sent', color: 'green' };
    case 'stuck':
      return { label: 'Stuck', color: 'red' };
    case 'waiting':
      if (slot.problem) return { label: 'Will try again', color: 'yellow' };
      return { label: slot.sent === null ? 'Waits to be sent' : 'Edit waits', color: 'harbor' };
  }
}
