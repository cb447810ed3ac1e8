import type { Checkboxes, Option, Overflow, RadioButtons } from '@slack/types';
import { MoreHorizontal } from 'lucide-react';
import { useId } from 'react';
import { keyOf, useField, useSurface } from '../blocks/surface.ts';
import { TextView } from '../blocks/text-view.tsx';
import { safeUrl } from '../text/entities.ts';
import { PlainText } from '../text/mrkdwn-view.tsx';
import { Menu, MenuItem } from '../widgets/menu.tsx';
import { useConfirm } from './confirm.tsx';
import { isOption, optionsIn } from './options.ts';

type Props<T> = { readonly element: T; readonly blockId: string; readonly tells: boolean };

/** Boxes to tick. */
export function CheckboxesElement({ element, blockId, tells }: Props<Checkboxes>) {
  const { value, change } = useField<Option[]>(element, { blockId, tells });
  const chosen = optionsIn(value);
  const has = (option: Option) => chosen.some((one) => one.value === option.value);
  const toggle = (option: Option) =>
    change(has(option) ? chosen.filter((one) => one.value !== option.value) : [...chosen, option]);
  return (
    <div className="choices">
      {element.options.map((option) => (
        <Choice
          key={option.value}
          type="checkbox"
          option={option}
          checked={has(option)}
          onChange={() => toggle(option)}
        />
      ))}
    </div>
  );
}

/** Radio buttons. */
export function RadioElement({ element, blockId, tells }: Props<RadioButtons>) {
  const { value, change } = useField<Option>(element, { blockId, tells });
  const chosen = isOption(value) ? value.value : undefined;
  const name = useId();
  return (
    <div className="choices" role="radiogroup">
      {element.options.map((option) => (
        <Choice
          key={option.value}
          type="radio"
          name={name}
          option={option}
          checked={chosen === option.value}
          onChange={() => change(option)}
        />
      ))}
    </div>
  );
}

function Choice(props: {
  type: 'checkbox' | 'radio';
  name?: string;
  option: Option;
  checked: boolean;
  onChange: () => void;
}) {
  const { option } = props;
  return (
    <label className="choice">
      <input type={props.type} name={props.name} checked={props.checked} onChange={props.onChange} />
      <span>
        <TextView text={option.text} />
        {option.description ? (
          <span className="choice-hint">
            <TextView text={option.description} />
          </span>
        ) : null}
      </span>
    </label>
  );
}

/** The menu behind three dots. */
export function OverflowElement({ element, blockId }: Props<Overflow>) {
  const surface = useSurface();
  const { ask, dialog } = useConfirm(element.confirm);
  const at = { blockId, actionId: element.action_id ?? '' };
  const choose = (option: Overflow['options'][number]) =>
    ask(() => {
      const href = option.url === undefined ? null : safeUrl(option.url);
      if (href !== null) window.open(href, '_blank', 'noreferrer,noopener');
      surface.press(at, { type: element.type, selected_option: option });
    });
  const trigger = (
    <button
      type="button"
      className="icon-button"
      aria-label="More actions"
      disabled={surface.busy.has(keyOf(at))}
    >
      <MoreHorizontal size={16} />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        {element.options.map((option) => (
          <MenuItem key={option.value ?? option.text.text} onSelect={() => choose(option)}>
            <PlainText text={option.text.text} />
          </MenuItem>
        ))}
      </Menu>
      {dialog}
    </>
  );
}
