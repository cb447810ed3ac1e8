import type { SlotDelivery } from 'orchestrator/client';
import { count } from '../words.ts';

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

/** How often it was written, or tried where that failed; null before the first call. */
export function slotCalls({ tries, problem }: Pick<SlotDelivery, 'tries' | 'problem'>): string | null {
  if (tries === 0) return null;
  if (problem) return count(tries, 'try', 'tries');
  return tries === 1 ? 'written once' : `written ${tries.toLocaleString('en')} times`;
}

/** Those that somebody must look at, then those that wait, each in the order of the thread. */
export function byUrgency<Shown extends { readonly slot: Pick<SlotDelivery, 'state'> }>(
  slots: readonly Shown[],
): readonly Shown[] {
  return (['stuck', 'waiting', 'sent'] as const).flatMap((state) =>
    slots.filter(({ slot }) => slot.state === state),
  );
}

/** What Slack has of a message: it is more than its plain words, and with the same ones it can be an older one. */
export function slackHas({ state, wanted, sent, tries, ts }: SlotDelivery): string {
  if (state === 'sent') return 'Slack has what it should';
  if (sent === wanted) return 'Same words; the message itself is older';
  // A rebuild forgets what was sent: whether Slack has it is known once it was looked for.
  if (sent === null)
    return state === 'waiting' && tries === 0 && ts === null ? 'Not looked yet' : 'Nothing yet';
  return 'Slack has';
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
