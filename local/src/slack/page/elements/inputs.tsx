import type {
  Datepicker,
  DateTimepicker,
  EmailInput,
  NumberInput,
  PlainTextInput,
  RichTextBlock,
  RichTextInput,
  Timepicker,
  URLInput,
} from '@slack/types';
import type { KeyboardEvent } from 'react';
import { useField } from '../blocks/surface.ts';
import { richTextOf, toMrkdwn } from '../text/compose.ts';
import { parseMrkdwn } from '../text/mrkdwn.ts';

export type InputProps<T> = {
  readonly element: T;
  readonly blockId: string;
  readonly tells: boolean;
  /** Id of the control, for its label. */
  readonly id?: string | undefined;
  readonly label?: string | undefined;
};

type TextElement = PlainTextInput | NumberInput | EmailInput | URLInput;
const kinds = {
  plain_text_input: 'text',
  number_input: 'number',
  email_text_input: 'email',
  url_text_input: 'url',
} as const;

/** A line or several lines of text, a number, an address. */
export function TextInputElement({ element, blockId, tells, id, label }: InputProps<TextElement>) {
  const { value, draft, tell } = useField<string | null>(element, { blockId, tells });
  const shared = {
    id,
    'aria-label': label,
    placeholder: element.placeholder?.text,
    value: typeof value === 'string' ? value : '',
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && tells) tell();
  };
  const set = (text: string) => draft(text === '' ? null : text);
  if (element.type === 'plain_text_input' && element.multiline) {
    const limits = { minLength: element.min_length, maxLength: element.max_length };
    return (
      <textarea
        {...shared}
        {...limits}
        className="field"
        rows={4}
        onChange={(event) => set(event.target.value)}
      />
    );
  }
  const step =
    element.type === 'number_input'
      ? { step: element.is_decimal_allowed ? 'any' : 1, min: element.min_value, max: element.max_value }
      : {};
  return (
    <input
      {...shared}
      {...step}
      type={kinds[element.type]}
      className="field"
      onKeyDown={onKeyDown}
      onChange={(event) => set(event.target.value)}
    />
  );
}

/** Formatted text, written as mrkdwn. */
export function RichTextInputElement({ element, blockId, tells, id, label }: InputProps<RichTextInput>) {
  const { value, draft } = useField<RichTextBlock | null>(element, { blockId, tells });
  const nobody = { people: new Map<string, string>(), channels: new Map<string, string>() };
  return (
    <textarea
      id={id}
      aria-label={label}
      className="field"
      rows={4}
      placeholder={element.placeholder?.text}
      defaultValue={plainOf(value)}
      onChange={({ target }) =>
        draft(target.value === '' ? null : richTextOf(parseMrkdwn(toMrkdwn(target.value, nobody))))
      }
    />
  );
}

function plainOf(value: unknown): string {
  const texts: string[] = [];
  // Only the words: the marks of the first value are not worth a second serializer.
  JSON.stringify(value ?? null, (key, inner: unknown) => {
    if (key === 'text' && typeof inner === 'string') texts.push(inner);
    return inner;
  });
  return texts.join('');
}

/** A day, `2026-11-23`. */
export function DateElement({ element, blockId, tells, id, label }: InputProps<Datepicker>) {
  const { value, change } = useField<string | null>(element, { blockId, tells });
  return (
    <input
      id={id}
      aria-label={label ?? element.placeholder?.text ?? 'Date'}
      type="date"
      className="field field-short"
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => change(event.target.value || null)}
    />
  );
}

/** A time of day, `14:05`. */
export function TimeElement({ element, blockId, tells, id, label }: InputProps<Timepicker>) {
  const { value, change } = useField<string | null>(element, { blockId, tells });
  return (
    <input
      id={id}
      aria-label={label ?? 'Time'}
      type="time"
      className="field field-short"
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => change(event.target.value || null)}
    />
  );
}

/** A moment, sent as seconds since 1970. */
export function DateTimeElement({ element, blockId, tells, id, label }: InputProps<DateTimepicker>) {
  const { value, change } = useField<number | null>(element, { blockId, tells });
  return (
    <input
      id={id}
      aria-label={label ?? 'Date and time'}
      type="datetime-local"
      className="field field-short"
      value={typeof value === 'number' ? localMinute(value) : ''}
      onChange={({ target }) =>
        change(target.value === '' ? null : Math.floor(new Date(target.value).getTime() / 1000))
      }
    />
  );
}

function localMinute(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
