import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pullRequest, question, thread } from '../testing/arbitraries.ts';
import { homeSchema, messageSchema, modalSchema } from '../testing/slack-limits.ts';
import { card } from './card.ts';
import { inPlainBlocks } from './fallback.ts';
import { finalMessage } from './final.ts';
import { heldMessage } from './held.ts';
import { homeView } from './home.ts';
import { pullRequestMessage } from './pull-request.ts';
import { pullRequestForm } from './pull-request-form.ts';
import { questionMessage } from './question.ts';

function accepted(
  schema: { safeParse(value: unknown): { success: boolean; error?: Error } },
  value: unknown,
) {
  const parsed = schema.safeParse(value);
  expect(parsed.success, `${parsed.error?.message} in ${JSON.stringify(value).slice(0, 2_000)}`).toBe(true);
}

describe('whatever people and agents write, Slack takes', () => {
  it('every card', () => {
    fc.assert(
      fc.property(thread, ({ state, context }) => {
        for (const turn of state.turns) accepted(messageSchema, card(state, turn, context));
      }),
    );
  });

  it('every final message', () => {
    fc.assert(
      fc.property(thread, ({ state, context }) => {
        for (const turn of state.turns) accepted(messageSchema, finalMessage(state, turn, context));
      }),
    );
  });

  it('every question', () => {
    fc.assert(
      fc.property(thread, question, ({ state }, asked) => {
        accepted(messageSchema, questionMessage(state, asked));
      }),
    );
  });

  it('every question about follow-ups that were held', () => {
    fc.assert(
      fc.property(thread, ({ state }) => {
        for (const hold of state.holds) accepted(messageSchema, heldMessage(state, hold));
      }),
    );
  });

  it('every card of a pull request', () => {
    fc.assert(
      fc.property(thread, pullRequest, ({ state }, opened) => {
        accepted(messageSchema, pullRequestMessage(opened, state.repository));
      }),
    );
  });

  it('every message in plain blocks', () => {
    fc.assert(
      fc.property(thread, ({ state, context }) => {
        for (const turn of state.turns) {
          accepted(messageSchema, inPlainBlocks(card(state, turn, context)));
          accepted(messageSchema, inPlainBlocks(finalMessage(state, turn, context)));
        }
      }),
    );
  });

  it('every form and Home', () => {
    fc.assert(
      fc.property(thread, ({ state, context }) => {
        accepted(modalSchema, pullRequestForm(state, state.turns[0] ?? null));
        accepted(homeSchema, homeView([session(state.title, state.repository, context.sessionUrl)]));
      }),
    );
  });
});

function session(title: string, repository: string, url: string) {
  return {
    sessionId: 'ses_1' as const,
    seq: 1,
    status: 'idle' as const,
    title,
    repository,
    branch: '',
    openedBy: { kind: 'system' as const },
    openedAt: '',
    updatedAt: '',
    thread: null,
    turns: 1,
    runs: 1,
    costUsd: 0,
    model: null,
    lastOutcome: 'failed' as const,
    waitingFor: null,
    change: null,
    pullRequest: { number: 1, url, state: 'open' as const },
    url,
  };
}
