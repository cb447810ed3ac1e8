import type { ContextBlock, KnownBlock, MarkdownBlock } from '@slack/types';
import { type Change, FAILURES } from 'orchestrator/domain';
import { type Check, isAskedAgain, type ThreadState, type TurnView } from '../thread-view/thread-state.ts';
import { ACTION, turnValue } from './action-ids.ts';
import {
  actions,
  button,
  contextLine,
  linkButton,
  type MessageContent,
  message,
  preformatted,
  section,
} from './blocks.ts';
import { cost, count, duration } from './duration.ts';
import { discardBlocks, doneSoFar } from './stopped.ts';
import { code, firstSentence, markdown, mrkdwn, quoted } from './text.ts';
import { triesLine } from './tries.ts';
import { nameOf, type ViewContext } from './view-context.ts';

/** Characters of the outcome. */
const OUTCOME_MAX = 1_500;
/** Changed lines up to which the diff itself is shown. */
const INLINE_DIFF_LINES = 25;
const DIFF_MAX = 2_800;
const FILES_MAX = 10;
const CHECKS_MAX = 6;

/** Whether a change is small enough to be shown in the thread. */
export function isInline(change: Change): boolean {
  const lines = change.additions + change.deletions;
  return lines > 0 && lines <= INLINE_DIFF_LINES;
}

/** The last word of a turn: its outcome, what changed, the checks, and what can be done next. */
export function finalMessage(state: ThreadState, turn: TurnView, context: ViewContext): MessageContent {
  const { headline, blocks } = outcome(turn);
  return message(headline, [
    aboutLine(state, turn),
    ...blocks,
    ...doneSoFar(turn),
    ...workBlocks(state, turn, context),
    ...checkBlocks(turn.checks),
    ...publishBlocks(state, turn),
    ...actions(buttons(state, turn, context)),
    facts(turn, context),
  ]);
}

/** Where several requests share a thread, the last word of each says which one it is about. */
function aboutLine({ turns }: ThreadState, turn: TurnView): ContextBlock | null {
  if (turns.length < 2) return null;
  return contextLine([`On ${quoted(turn.request, 200)}`]);
}

function outcome(turn: TurnView): { headline: string; blocks: KnownBlock[] } {
  const by = turn.endedBy ? ` by ${nameOf(turn.endedBy)}` : '';
  switch (turn.status) {
    case 'queued':
    case 'held':
    case 'running':
    case 'waiting':
    case 'finished': {
      const summary = markdown(turn.summary, OUTCOME_MAX) || 'Done. The agent left no summary.';
      const block: MarkdownBlock = { type: 'markdown', text: summary };
      return { headline: `Done: ${mrkdwn(firstSentence(turn.summary, 200), 300)}`, blocks: [block] };
    }
    case 'failed': {
      const sentence = turn.failure
        ? FAILURES[turn.failure.code].sentence
        : FAILURES['run.internal'].sentence;
      return { headline: `Failed: ${sentence}`, blocks: [section(`*Failed.* ${sentence}`)] };
    }
    case 'stopped':
      return { headline: `Stopped${by}`, blocks: [section(`*Stopped*${by}.`)] };
    case 'cancelled':
      return turn.endedBy === null
        ? {
            headline: 'Cancelled: the message that asked was deleted',
            blocks: [section('*Cancelled*: the message that asked for this was deleted before work began.')],
          }
        : { headline: `Cancelled${by}`, blocks: [section(`*Cancelled*${by} before it began.`)] };
  }
}

function workBlocks(state: ThreadState, turn: TurnView, context: ViewContext): (KnownBlock | null)[] {
  if (turn.status === 'cancelled') return [];
  if (turn.discard?.state === 'done') return discardBlocks(turn);
  const change = turn.change && turn.change.fileCount > 0 ? turn.change : null;
  const isOwn = change?.headSha !== turn.startSha;
  return [
    keptLine(turn, isOwn ? change : null, state.branch),
    ...changeBlocks(change, { isOwn, context }),
    ...discardBlocks(turn),
  ];
}

/** After a turn that did not finish people ask first what is left of it. */
function keptLine(turn: TurnView, change: Change | null, branch: string): ContextBlock | null {
  if (turn.status === 'finished') return null;
  if (!change) return contextLine(['This changed nothing.']);
  return contextLine([`The work so far is kept on ${code(branch)}. Reply here to go on from it.`]);
}

/** What the branch holds: what this turn changed, or what earlier ones did when it changed nothing. */
function changeBlocks(
  change: Change | null,
  { isOwn, context }: { readonly isOwn: boolean; readonly context: ViewContext },
): KnownBlock[] {
  if (!change) return [];
  const stat = `*${count(change.fileCount, 'file')} changed*  +${change.additions} −${change.deletions}`;
  if (!isOwn) return [contextLine([`On the branch so far: ${stat}`])];
  const shown = change.files.slice(0, FILES_MAX).map((file) => {
    const mark = file.status === 'modified' ? '' : `  _${file.status}_`;
    return `${code(file.path, 160)}  +${file.additions} −${file.deletions}${mark}`;
  });
  const more = change.fileCount - shown.length;
  const lines = more > 0 ? [...shown, `and ${count(more, 'more file')}`] : shown;
  const patch = isInline(change) ? context.patches.get(change.patch) : undefined;
  return [section([stat, ...lines].join('\n')), ...(patch ? [preformatted(hunks(patch), DIFF_MAX)] : [])];
}

/** A patch without the lines that only git reads. */
function hunks(patch: string): string {
  return patch
    .split('\n')
    .filter(
      (line) =>
        !/^(diff --git|index |similarity |new file mode|deleted file mode|old mode|new mode)/.test(line),
    )
    .join('\n')
    .trimEnd();
}

function checkBlocks(checks: readonly Check[]): KnownBlock[] {
  if (checks.length === 0) return [];
  const lines = checks.slice(-CHECKS_MAX).map((check) => {
    const verdict = check.exitCode === 0 ? 'passed' : `*failed* (exit ${check.exitCode})`;
    return `${code(check.command, 160)} ${verdict} in ${duration(check.durationMs)}`;
  });
  return [section(['*Checks*', ...lines].join('\n'))];
}

function publishBlocks(state: ThreadState, turn: TurnView): KnownBlock[] {
  if (!isLatestSettled(state, turn)) return [];
  if (state.publishing) return [contextLine(['The pull request is being made.'])];
  if (state.publishFailure)
    return [contextLine([`No pull request could be made. ${FAILURES[state.publishFailure].sentence}`])];
  return [];
}

/** Only the newest outcome offers what works on the branch as it is now. */
function isLatestSettled(state: ThreadState, turn: TurnView): boolean {
  return state.lastSettled === turn.turnId;
}

function buttons(state: ThreadState, turn: TurnView, context: ViewContext) {
  const value = turnValue(state.sessionId, turn.turnId);
  const latest = isLatestSettled(state, turn);
  const pullRequest = state.pullRequests.at(-1) ?? null;
  const changed = turn.change !== null && turn.change.fileCount > 0;
  const unpublished =
    pullRequest === null || (pullRequest.state !== 'open' && pullRequest.headSha !== turn.change?.headSha);
  return [
    latest && changed && unpublished && !state.publishing
      ? button({ label: 'Create PR', actionId: ACTION.createPullRequest, value, style: 'primary' })
      : null,
    latest && pullRequest?.state === 'open'
      ? linkButton({
          label: `Open PR #${pullRequest.number}`,
          actionId: ACTION.openPullRequest,
          url: pullRequest.url,
        })
      : null,
    ...goOnButtons(state, turn, value),
    changed ? linkButton({ label: 'View diff', actionId: ACTION.openDiff, url: context.sessionUrl }) : null,
    changed || turn.status === 'cancelled'
      ? null
      : linkButton({ label: 'Console', actionId: ACTION.openConsole, url: context.sessionUrl }),
  ];
}

/** What can be done about a turn that did not finish; only about the newest, until somebody has asked for it again. */
function goOnButtons(state: ThreadState, turn: TurnView, value: string) {
  if (!isLatestSettled(state, turn) || isAskedAgain(state, turn)) return [];
  if (turn.status === 'failed') return [button({ label: 'Retry', actionId: ACTION.retry, value })];
  if (turn.status !== 'stopped' || turn.discard?.state === 'done') return [];
  const resume = button({ label: 'Resume', actionId: ACTION.resume, value });
  if (turn.discard?.state === 'asked') return [];
  return canDiscard(state, turn) ? [resume, discardButton(value)] : [resume];
}

function canDiscard(state: ThreadState, turn: TurnView): boolean {
  const isUndone = turn.change === null || turn.startSha === null || turn.change.headSha === turn.startSha;
  const isOvertaken = state.turns.some((other) => other.startedAt !== null && other.settledAt === null);
  return !isUndone && !isOvertaken && !state.publishing;
}

function discardButton(value: string) {
  return button({
    label: 'Discard',
    actionId: ACTION.discard,
    value,
    style: 'danger',
    confirm: {
      title: 'Discard this work?',
      text: 'The files go back to what they were before this request. What was pushed already stays.',
      yes: 'Discard',
      no: 'Keep it',
    },
  });
}

function facts(turn: TurnView, context: ViewContext): ContextBlock | null {
  if (turn.startedAt === null || turn.settledAt === null) return null;
  return contextLine([
    mrkdwn(context.modelLabel ?? turn.model ?? '', 100),
    duration(turn.settledAt - turn.startedAt),
    turn.steps > 0 ? count(turn.steps, 'step') : null,
    cost(turn.costUsd),
    triesLine(turn),
  ]);
}
