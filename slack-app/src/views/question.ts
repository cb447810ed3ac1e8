import type { Button, KnownBlock } from '@slack/types';
import type { QuestionView, ThreadState } from '../thread-view/thread-state.ts';
import { ACTION, answerValue } from './action-ids.ts';
import { actions, button, contextLine, type MessageContent, message, section } from './blocks.ts';
import { count } from './duration.ts';
import { mrkdwn, oneLine } from './text.ts';
import { nameOf } from './view-context.ts';

/** All questions of one message together. */
const TEXT_MAX = 6_000;

type Asked = QuestionView['questions'][number];

/** A question of the agent, with buttons while it is open, and with who answered what afterwards. */
export function questionMessage(state: ThreadState, question: QuestionView): MessageContent {
  const each = Math.floor(TEXT_MAX / question.questions.length);
  const asked = question.questions.map((one, index) => {
    const number = question.questions.length > 1 ? `*Question ${index + 1}.* ` : '*Question.* ';
    return section(`${number}${questionText(one, Math.min(each, 2_900) - number.length)}`);
  });
  const headline = `Question: ${mrkdwn(oneLine(question.questions[0]?.text ?? ''), 300)}`;
  return message(headline, [...asked, ...ending(state, question)]);
}

function questionText(asked: Asked, max: number): string {
  const described = asked.options.filter((option) => option.description.trim() !== '');
  const room = Math.floor(max / 2 / Math.max(1, described.length)) - 1;
  const text = mrkdwn(asked.text, Math.floor(max / 2));
  // Descriptions that would be cut to a few letters explain nothing.
  const lines = room < 40 ? [] : described.map((option) => mrkdwn(descriptionLine(option), room));
  return [text.trim() === '' ? '–' : text, ...lines].join('\n');
}

function descriptionLine(option: Asked['options'][number]): string {
  return `• ${oneLine(option.label)}: ${oneLine(option.description)}`;
}

function ending(state: ThreadState, question: QuestionView): KnownBlock[] {
  switch (question.state) {
    case 'open':
      return [...actions(optionButtons(state, question)), contextLine([howToAnswer(question)])];
    case 'answered':
      return [contextLine([answeredLine(question)])];
    case 'expired':
      return [contextLine(['Nobody answered in time. The agent went on with its best guess.'])];
    case 'dropped':
      return [contextLine(['No answer is needed any more.'])];
  }
}

/** One press answers one question with one option; anything richer is written as a reply. */
function hasButtons(questions: QuestionView['questions']): boolean {
  const only = questions[0];
  return questions.length === 1 && only !== undefined && !only.multiple && only.options.length > 0;
}

function optionButtons(state: ThreadState, question: QuestionView): Button[] {
  if (!hasButtons(question.questions)) return [];
  const options = question.questions[0]?.options ?? [];
  return options.map((option, index) =>
    button({
      label: oneLine(option.label),
      actionId: `${ACTION.answer}:${index}`,
      value: answerValue(state.sessionId, question.questionId, index),
    }),
  );
}

function howToAnswer(question: QuestionView): string {
  const minutes = Math.max(1, Math.round((question.expiresAt - question.askedAt) / 60_000));
  const wait = count(minutes, 'minute');
  const otherwise = `Without an answer the agent goes on by itself after ${wait}.`;
  if (question.questions.length > 1)
    return `Reply with ${count(question.questions.length, 'line')}, one for each question. ${otherwise}`;
  if (question.questions[0]?.multiple === true)
    return `Reply in this thread; separate several answers with commas. ${otherwise}`;
  return `${hasButtons(question.questions) ? 'Choose one, or reply' : 'Reply'} in this thread. ${otherwise}`;
}

function answeredLine(question: QuestionView): string {
  const by = question.answeredBy ? nameOf(question.answeredBy) : 'somebody';
  const given = question.answers.map((answer) => answer.join(', ')).join(' · ');
  return `answered by ${by}: ${mrkdwn(oneLine(given), 500)}`;
}
