import { expect, it } from 'vitest';
import { answersFrom } from './answers.ts';

const question = (multiple: boolean, ...labels: string[]) => ({
  text: 'Which?',
  multiple,
  options: labels.map((label) => ({ label, description: '' })),
});

it('takes the option that the first line names, else all that was written', () => {
  expect(answersFrom([question(false, 'EUR', 'USD')], '\n eur \nbecause of the shop')).toEqual([['EUR']]);
  expect(answersFrom([question(false, 'EUR')], 'the pound, please')).toEqual([['the pound, please']]);
  expect(answersFrom([question(false, 'EUR')], 'the pound,\n\nbecause of the shop')).toEqual([
    ['the pound,\nbecause of the shop'],
  ]);
});

it('takes several answers between commas', () => {
  expect(answersFrom([question(true, 'EUR', 'USD')], 'usd, eur,')).toEqual([['USD', 'EUR']]);
});

it('takes a line for each of several questions, and none where there is none', () => {
  expect(answersFrom([question(false), question(false), question(false)], 'a\nb')).toEqual([
    ['a'],
    ['b'],
    [],
  ]);
});
