import { useId, useLayoutEffect, useRef, useState } from 'react';
import { type Query, queryAt, type Suggestion, take, toggleMark } from './completion.ts';
import { AttachedFiles, ComposerBar } from './composer-bar.tsx';
import { Suggestions } from './suggestions.tsx';
import { useComposer } from './use-composer.ts';
import { useSuggestions } from './use-suggestions.ts';

// Ctrl or Cmd with these keys marks the selection, as everywhere.
const markKeys: Record<string, string> = { b: '*', i: '_', e: '`' };

/** Where messages are written. `name` is what the text box is called and says while it is empty. */
export function Composer(props: {
  channel: string;
  threadTs: string | null;
  name: string;
  isArchived: boolean;
}) {
  const composer = useComposer(props);
  const area = useRef<HTMLTextAreaElement>(null);
  const [isOver, setOver] = useState(false);
  const typing = useTyping(area, composer);
  if (props.isArchived)
    return <p className="composer-closed">This channel is archived. Nothing can be written here.</p>;
  return (
    <form
      className={isOver ? 'composer is-over' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault();
        composer.send();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        composer.attach([...event.dataTransfer.files]);
      }}
    >
      {typing.items.length > 0 ? (
        <Suggestions id={typing.listId} items={typing.items} active={typing.active} onTake={typing.take} />
      ) : null}
      <textarea
        ref={area}
        className="composer-text"
        aria-label={props.name}
        aria-autocomplete="list"
        aria-controls={typing.items.length > 0 ? typing.listId : undefined}
        aria-activedescendant={typing.items.length > 0 ? `${typing.listId}-${typing.active}` : undefined}
        placeholder={props.name}
        rows={1}
        value={composer.text}
        onChange={(event) => {
          composer.setText(event.target.value);
          typing.onSelect(event);
          composer.dismissError();
        }}
        onSelect={typing.onSelect}
        onKeyDown={typing.onKeyDown}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0) return;
          event.preventDefault();
          composer.attach(files);
        }}
      />
      <AttachedFiles files={composer.files} onRemove={composer.detach} />
      {composer.error === null ? null : (
        <p className="composer-error" role="alert">
          {composer.error}
        </p>
      )}
      <ComposerBar
        canSend={composer.canSend}
        onFiles={composer.attach}
        onMark={typing.mark}
        onInsert={typing.insert}
      />
    </form>
  );
}

type Area = React.RefObject<HTMLTextAreaElement>;

/** The caret, the suggestions for what is at it, and the keys. */
function useTyping(area: Area, composer: ReturnType<typeof useComposer>) {
  const { text, setText, send } = composer;
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState<number | null>(null);
  const query = queryAt(text, caret);
  const found = useSuggestions(query);
  const items = query === null || closed === query.start || isComplete(query, found) ? [] : found;
  const wanted = useRef<{ start: number; end: number } | null>(null);
  const listId = useId();
  useFittedHeight(area, text);

  // After a change from the outside the caret goes where it was meant to be, not to the end.
  useLayoutEffect(() => {
    if (wanted.current === null || text === '') return;
    area.current?.focus();
    area.current?.setSelectionRange(wanted.current.start, wanted.current.end);
    wanted.current = null;
  }, [area, text]);

  const change = (next: { text: string; start: number; end: number }) => {
    wanted.current = next;
    setText(next.text);
    setCaret(next.end);
  };
  const takeOne = (item: Suggestion | undefined) => {
    if (!item || query === null) return;
    const next = take(text, caret, query, item);
    change({ text: next.text, start: next.caret, end: next.caret });
    setActive(0);
  };
  const range = () => ({
    start: area.current?.selectionStart ?? text.length,
    end: area.current?.selectionEnd ?? text.length,
  });
  const mark = (sign: string) => change(toggleMark(text, range(), sign));
  const insert = (sign: string) => {
    const { start, end } = range();
    const before = text.slice(0, start).replace(/(\S)$/, '$1 ') + sign;
    change({ text: before + text.slice(end), start: before.length, end: before.length });
  };

  const takeActive = () => takeOne(items[active] ?? items[0]);
  const listKeys = new Map([
    ['ArrowDown', () => setActive((active + 1) % items.length)],
    ['ArrowUp', () => setActive((active - 1 + items.length) % items.length)],
    ['Enter', takeActive],
    ['Tab', takeActive],
    ['Escape', () => setClosed(query?.start ?? null)],
  ]);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const sign = event.ctrlKey || event.metaKey ? markKeys[event.key] : undefined;
    const onList = items.length > 0 && !event.shiftKey ? listKeys.get(event.key) : undefined;
    const isSend = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing;
    const act = sign === undefined ? (onList ?? (isSend ? send : null)) : () => mark(sign);
    if (!act) return;
    event.preventDefault();
    act();
  };
  const onSelect = (event: React.SyntheticEvent<HTMLTextAreaElement>) => {
    setCaret(event.currentTarget.selectionEnd);
    if (query === null) setClosed(null);
  };
  return {
    items,
    active: Math.min(active, Math.max(0, items.length - 1)),
    listId,
    take: takeOne,
    mark,
    insert,
    onKeyDown,
    onSelect,
  };
}

/** A command that stands there whole needs no list: Enter runs it. */
function isComplete(query: Query, items: readonly Suggestion[]): boolean {
  return query.sign === '/' && items.some((item) => item.insert === `/${query.word}`);
}

/** As high as the text, within the limits of the style sheet. */
function useFittedHeight(area: Area, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = text === '' ? '' : `${element.scrollHeight}px`;
  }, [area, text]);
}
