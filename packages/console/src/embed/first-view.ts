import { useLayoutEffect, useState } from "react";

/** The drive views of a page in the order in which they came, each with what is called when another one went. */
type Views = Map<object, () => void>;

/** All copies of this code on a page find the same views by it, as the component's and the element's. */
const key = Symbol.for("tether.drive-views");

function viewsOn(page: object): Views {
  const known = page as { [key]?: Views };
  known[key] ??= new Map();
  return known[key];
}

/** Adds a drive view to a page; `changed` is called when another one went. */
export function addView(page: object, changed: () => void): { isFirst(): boolean; remove(): void } {
  const views = viewsOn(page);
  const view = {};
  views.set(view, changed);
  return {
    isFirst: () => views.keys().next().value === view,
    remove() {
      views.delete(view);
      for (const tell of [...views.values()]) tell();
    },
  };
}

/**
 * Whether this drive view is the page's first, undefined until it is known. STOP lies at the window's lower edge, and keys are the window's: with
 * two views one robot's STOP would cover the other's, and a key would drive both.
 */
export function useIsFirstView(): boolean | undefined {
  const [isFirst, setFirst] = useState<boolean>();
  useLayoutEffect(() => {
    const view = addView(window, () => setFirst(view.isFirst()));
    setFirst(view.isFirst());
    return view.remove;
  }, []);
  return isFirst;
}
