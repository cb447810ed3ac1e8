import type { Suggestion } from './completion.ts';

/** The list over the composer. Arrow keys and Enter work in the text box; here it is the pointer. */
export function Suggestions(props: {
  id: string;
  items: readonly Suggestion[];
  active: number;
  onTake: (item: Suggestion) => void;
}) {
  return (
    <div className="suggestions" role="listbox" id={props.id} aria-label="Suggestions">
      {props.items.map((item, index) => (
        <div
          key={item.key}
          id={`${props.id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === props.active}
          className="suggestion"
          // Before the text box loses the focus.
          onMouseDown={(event) => {
            event.preventDefault();
            props.onTake(item);
          }}
        >
          {item.emoji ? <span className="emoji">{item.emoji}</span> : null}
          <strong>{item.title}</strong>
          <span className="hint">{item.hint}</span>
        </div>
      ))}
    </div>
  );
}
