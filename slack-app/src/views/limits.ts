/**
 * Slack's sizes, in characters where nothing else is said. Sources: the comments of `@slack/types` and Slack's block
 * reference; the two marked "measured" are what real workspaces were seen to refuse.
 */
export const LIMITS = {
  blocksPerMessage: 50,
  /** Measured: all blocks of a message together fail at about 13,200. */
  blocksTotal: 13_000,
  /** `chat.update` refuses a `text` of more than 4,000. */
  messageText: 3_900,
  section: 3_000,
  markdown: 12_000,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  actionId: 255,
  header: 150,
  /** The documented size of a task's title. */
  taskTitle: 256,
  modalTitle: 24,
  inputValue: 3_000,
  homeBlocks: 100,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
} as const;

const ELLIPSIS = '…';

/**
 * Cuts a text to at most `max` UTF-16 units, never in the middle of a code point, and says so with an ellipsis.
 * Slack counts some limits in units and some in code points; the smaller unit is right for both.
 */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  let cut = '';
  for (const point of text) {
    if (cut.length + point.length + ELLIPSIS.length > max) break;
    cut += point;
  }
  return `${cut.trimEnd()}${ELLIPSIS}`;
}
