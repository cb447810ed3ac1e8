import type { PlainTextOption } from '@slack/types';

/** Whether a value that came back from the state is an option. */
export function isOption(value: unknown): value is PlainTextOption {
  return typeof value === 'object' && value !== null && 'text' in value;
}

/** The options of a multiple choice. */
export function optionsIn(value: unknown): PlainTextOption[] {
  return Array.isArray(value) ? value.filter(isOption) : [];
}

/** The ids of a multiple choice of people or channels. */
export function idsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
