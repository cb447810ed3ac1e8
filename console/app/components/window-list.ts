import { useIsomorphicEffect } from '@mantine/hooks';
import { observeWindowOffset, useWindowVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useState } from 'react';

type WindowListOptions = {
  readonly list: RefObject<HTMLDivElement>;
  readonly count: number;
  /** Pixels, before a row has been measured. */
  readonly estimateSize: (index: number) => number;
  readonly getItemKey: (index: number) => string | number;
  readonly overscan: number;
  readonly gap?: number;
  /** Stay at the end while the list grows, once somebody is within this many pixels of it. */
  readonly followEndWithin?: number;
};

/** A long list of which only the rows on the screen are in the page; the page itself scrolls. */
export function useWindowList(options: WindowListOptions): Virtualizer<Window, Element> {
  const { list, followEndWithin, ...rest } = options;
  const [scrollMargin, setScrollMargin] = useState(0);
  useIsomorphicEffect(() => {
    if (list.current) setScrollMargin(list.current.getBoundingClientRect().top + window.scrollY);
  }, [list]);
  return useWindowVirtualizer({
    ...rest,
    scrollMargin,
    initialRect: { width: 900, height: 900 },
    // Somebody may have scrolled before the page woke up, or has reloaded it far down: the first look of the browser
    // must come out like the server's all the same, or React throws the page away.
    initialOffset: 0,
    observeElementOffset: (virtualizer, report) => {
      report(window.scrollY, false);
      return observeWindowOffset(virtualizer, report);
    },
    // A page that is still waking up must not be made to render at once.
    useFlushSync: false,
    ...(followEndWithin !== undefined && {
      anchorTo: 'end',
      followOnAppend: true,
      scrollEndThreshold: followEndWithin,
    }),
  });
}
