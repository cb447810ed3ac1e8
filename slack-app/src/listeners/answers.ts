import type { FactOf } from 'orchestrator/domain';

type Questions = FactOf<'question.asked'>['questions'];

/** The domain takes answers of at most 3,000 characters. */
const ANSWER_MAX = 3_000;

/**
 * A reply as the answers to what was asked: one line for each question; for a question that takes several answers,
 * those between commas. An answer that is an option's label in other letters becomes that label. Pure.
 */
export function answersFrom(questions: Questions, reply: string): string[][] {
  const lines = reply
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  // One question may be answered in more words than one line; several are told apart by lines.
  if (questions.length === 1) return questions.map((question) => answersTo(question, lines));
  return questions.map((question, index) => answersTo(question, lines.slice(index, index + 1)));
}

/** What names an option in its first line is that option, whatever reason follows. */
function answersTo(question: Questions[number], lines: readonly string[]): string[] {
  const named = question.options.find(({ label }) => label.toLowerCase() === lines[0]?.toLowerCase());
  if (named && !question.multiple) return [named.label];
  const given = question.multiple ? lines.join(',').split(',') : [lines.join('\n')];
  return given
    .map((answer) => answer.trim())
    .filter((answer) => answer !== '')
    .slice(0, 20)
    .map((answer) => labelOf(question, answer).slice(0, ANSWER_MAX));
}

function labelOf(question: Questions[number], answer: string): string {
  const wanted = answer.toLowerCase();
  return question.options.find((option) => option.label.toLowerCase() === wanted)?.label ?? answer;
}
