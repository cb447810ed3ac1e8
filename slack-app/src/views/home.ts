import type { HomeView, KnownBlock } from '@slack/types';
import type { SessionSummary } from 'orchestrator/client';
import { ACTION } from './action-ids.ts';
import { contextLine, linkButton, section } from './blocks.ts';
import { code, link, mrkdwn, oneLine } from './text.ts';

/** Sessions on a person's Home. */
export const HOME_SESSIONS = 10;

export type HomeSession = SessionSummary & { readonly url: string };

const STATES: Readonly<Record<SessionSummary['status'], string>> = {
  idle: 'done',
  running: 'working',
  waiting: 'waiting to try again',
  closed: 'closed',
};

/** A person's Home: how it works, and what they asked for lately. */
export function homeView(sessions: readonly HomeSession[]): HomeView {
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'Hand work over from Slack' } },
      section(
        [
          '*Ask in a channel or here.* Mention me with a bug, a failing test or a small feature.',
          '*Follow the card in the thread.* It shows the plan, the step and the cost. Replies in the thread go on from there; `stop` stops.',
          '*Review a pull request.* I work on a branch of my own. Nothing is merged without you.',
        ].join('\n'),
      ),
      { type: 'divider' },
      { type: 'header', text: { type: 'plain_text', text: 'Your recent sessions' } },
      ...(sessions.length === 0
        ? [contextLine(['None yet. Mention me in a channel to begin.'])]
        : sessions.slice(0, HOME_SESSIONS).flatMap(sessionBlocks)),
    ],
  };
}

function sessionBlocks(session: HomeSession): KnownBlock[] {
  const open = linkButton({ label: 'Open', actionId: ACTION.openConsole, url: session.url });
  const { pullRequest } = session;
  return [
    {
      ...section(`*${mrkdwn(oneLine(session.title), 250) || 'Untitled'}*`),
      ...(open && { accessory: open }),
    },
    contextLine([
      stateOf(session),
      code(session.repository),
      pullRequest ? link(pullRequest.url, `#${pullRequest.number} ${pullRequest.state}`) : null,
    ]),
  ];
}

function stateOf(session: SessionSummary): string {
  if (session.waitingFor === 'answer') return '*waiting for your answer*';
  if (session.status === 'idle' && session.lastOutcome && session.lastOutcome !== 'finished')
    return session.lastOutcome;
  return STATES[session.status];
}
