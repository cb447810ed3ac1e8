import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

// The server has no focus, and warns about the other one.
const useBeforeRemoval = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** For a button that goes once it was pressed: who has the focus on it is then at the section that it stood in. */
export function useFocusStays(): RefObject<HTMLButtonElement> {
  const ref = useRef<HTMLButtonElement>(null);
  useBeforeRemoval(() => {
    const button = ref.current;
    return () => {
      if (button && document.activeElement === button)
        button.closest('section')?.focus({ preventScroll: true });
    };
  }, []);
  return ref;
}
