/** How to use Deckhand, in a few lines of mrkdwn. */
export const HELP = [
  'Tell me what to do in the same message: a bug, a failing test or a small feature. For example:',
  '>@deckhand fix the failing test in the cart',
  'I work on a branch of my own and report in the thread. Reply there to go on, write `stop` to stop me, and begin with `(aside)` to talk among yourselves.',
].join('\n');
