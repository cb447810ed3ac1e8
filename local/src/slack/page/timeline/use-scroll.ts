import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

// Nearer to the end than this counts as being there, and nearer to the top loads what is above. In CSS pixels.
const endSlack = 48;
const topSlack = 300;

/**
 * Keeps a list at its end while the reader is there, keeps the reader's place otherwise, and says how many messages came
 * meanwhile. `keys` are the messages in order; `onTop` is called when the reader comes near the first.
 */
export function useScroll(keys: readonly string[], onTop: () => void) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lastTop = useRef(0);
  const anchor = useRef<{ key: string; top: number } | null>(null);
  const [unseenFrom, setUnseenFrom] = useState<string | null>(null);
  const first = keys[0];
  const last = keys.at(-1);

  const toEnd = useCallback(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
    atEnd.current = true;
    setUnseenFrom(null);
  }, []);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const isNearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < endSlack;
    // Content that grows moves the end away without the reader moving: only going up leaves the end.
    const wentUp = element.scrollTop < lastTop.current - 1;
    lastTop.current = element.scrollTop;
    atEnd.current = isNearEnd || (atEnd.current && !wentUp);
    if (atEnd.current) setUnseenFrom(null);
    if (element.scrollTop < topSlack) onTop();
    anchor.current = placeOfFirst(element);
  };

  // What was first stays where it is when older messages come above it.
  useLayoutEffect(() => {
    const element = box.current;
    const known = anchor.current;
    if (!element || first === undefined) return;
    const node =
      known && !atEnd.current ? element.querySelector(`[data-ts="${CSS.escape(known.key)}"]`) : null;
    if (known && node) element.scrollTop += node.getBoundingClientRect().top - known.top;
    anchor.current = placeOfFirst(element);
  }, [first]);

  useLayoutEffect(() => {
    if (last === undefined) return;
    if (atEnd.current) toEnd();
    else setUnseenFrom((known) => known ?? last);
  }, [last, toEnd]);

  useFollowGrowth(box, atEnd);
  const index = unseenFrom === null ? -1 : keys.indexOf(unseenFrom);
  return { box, onScroll, toEnd, unseen: index === -1 ? 0 : keys.length - index };
}

/** A card that grows and an image that arrives push the end down: stay with it. */
function useFollowGrowth(box: RefObject<HTMLDivElement>, atEnd: RefObject<boolean>): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTo({ top: element.scrollHeight });
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, [box, atEnd]);
}

function placeOfFirst(element: HTMLElement): { key: string; top: number } | null {
  const node = element.querySelector<HTMLElement>('[data-ts]');
  const key = node?.dataset['ts'];
  return node && key !== undefined ? { key, top: node.getBoundingClientRect().top } : null;
}
