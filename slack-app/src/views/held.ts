import { type HoldView, stillHeld, type ThreadState, type TurnView } from '../thread-view/thread-state.ts';
import { ACTION, turnValue } from './action-ids.ts';
import { actions, button, contextLine, type MessageContent, message, section } from './blocks.ts';
import { count } from './duration.ts';
import { firstSentence, mrkdwn } from './text.ts';
import { nameOf } from './view-context.ts';

const SHOWN_MAX = 10;
const REQUEST_MAX = 200;

/** Asks whether to go on with the follow-ups that waited when somebody stopped the work; afterwards says what was decided. */
export function heldMessage(state: ThreadState, hold: HoldView): MessageContent {
  const open = stillHeld(state, hold);
  if (open.length > 0) return openQuestion(state, { hold, open });
  const turns = state.turns.filter((turn) => hold.turnIds.includes(turn.turnId));
  return decided(hold, turns);
}

/** The turn by which the buttons of a hold name it. */
export function holdOf(state: ThreadState, turnId: string): HoldView | null {
  return state.holds.findLast((hold) => hold.turnIds[0] === turnId) ?? null;
}

function openQuestion(
  state: ThreadState,
  { hold, open }: { readonly hold: HoldView; readonly open: readonly TurnView[] },
): MessageContent {
  const [first] = hold.turnIds;
  const value = turnValue(state.sessionId, first ?? 'trn_none');
  const waited = `${count(open.length, 'follow-up')} waited`;
  const shown = open.slice(0, SHOWN_MAX).map((turn) => `• ${shortRequest(turn)}`);
  const more = open.length - shown.length;
  const lines = more > 0 ? [...shown, `and ${count(more, 'more')}`] : shown;
  const it = open.length === 1 ? 'it' : 'them';
  return message(`${waited} when ${nameOf(hold.by)} stopped the work. Go on with ${it}?`, [
    section([`*${waited}* when ${nameOf(hold.by)} stopped the work:`, ...lines].join('\n')),
    ...actions([
      button({ label: 'Go on', actionId: ACTION.releaseHeld, value, style: 'primary' }),
      button({ label: `Drop ${it}`, actionId: ACTION.dropHeld, value, style: 'danger' }),
    ]),
    contextLine([
      `Until then ${it === 'it' ? 'it waits' : 'they wait'}; new requests are worked on at once.`,
    ]),
  ]);
}

function decided(hold: HoldView, turns: readonly TurnView[]): MessageContent {
  const dropped = turns.filter((turn) => turn.status === 'cancelled');
  const goneOn = turns.length - dropped.length;
  const parts = [
    goneOn > 0 ? `Going on with ${count(goneOn, 'follow-up')}${byWhom(hold)}` : null,
    ...droppedLines(dropped),
  ];
  const line = contextLine(parts);
  return message(parts.filter((part) => part !== null).join(', ') || 'No follow-ups wait', [line]);
}

function byWhom({ releasedBy }: HoldView): string {
  return releasedBy ? `, said ${nameOf(releasedBy)}` : '';
}

/** One may have been cancelled on its own card, and another with its message, before somebody dropped the rest. */
function droppedLines(dropped: readonly TurnView[]): string[] {
  const by = Map.groupBy(dropped, ({ endedBy }) => (endedBy ? ` by ${nameOf(endedBy)}` : ''));
  return [...by].map(([who, turns]) => `${count(turns.length, 'follow-up')} dropped${who}`);
}

function shortRequest(turn: TurnView): string {
  return mrkdwn(firstSentence(turn.request, REQUEST_MAX), REQUEST_MAX) || '–';
}
