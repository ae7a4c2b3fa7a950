import { type FocusEvent, useLayoutEffect, useRef } from "react";

/**
 * For a container whose buttons come and go: where the one that has the focus goes, the focus goes to `home`, not to the start of the page.
 * `home` does nothing, so that a second press of the same key does nothing either.
 */
export function useKeptFocus<Home extends HTMLElement>() {
  const home = useRef<Home>(null);
  const focused = useRef<Element>(undefined);
  useLayoutEffect(() => {
    if (!focused.current || focused.current.isConnected) return;
    focused.current = undefined;
    home.current?.focus();
  });
  return {
    home,
    container: {
      onFocus({ target }: FocusEvent) {
        focused.current = target;
      },
      onBlur() {
        focused.current = undefined;
      },
    },
  };
}
