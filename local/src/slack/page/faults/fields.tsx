import { ChevronDown } from 'lucide-react';
import { type ReactNode, useId } from 'react';

/** A choice of one, under its label. `children` are options. */
export function SelectField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
  /** It has the line to itself. */
  isWide?: boolean;
}) {
  const id = useId();
  return (
    <div className={props.isWide ? 'fault-field is-wide' : 'fault-field'}>
      <label htmlFor={id}>{props.label}</label>
      <span className="select">
        <select id={id} value={props.value} onChange={(event) => props.onChange(event.target.value)}>
          {props.children}
        </select>
        <ChevronDown size={14} aria-hidden />
      </span>
    </div>
  );
}

/** A whole number within its bounds, under its label. */
export function NumberField(props: {
  label: string;
  value: string;
  min: number;
  max: number;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="fault-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="field"
        type="number"
        inputMode="numeric"
        required
        min={props.min}
        max={props.max}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}

/** A word, under its label. */
export function WordField(props: {
  label: string;
  value: string;
  placeholder: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="fault-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="field"
        required
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        placeholder={props.placeholder}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value.trim())}
      />
    </div>
  );
}
