import { useMemo, useSyncExternalStore } from "react";
import { type Route, routeOf } from "./route.ts";

const listeners = new Set<() => void>();

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  window.addEventListener("popstate", changed);
  return () => {
    listeners.delete(changed);
    window.removeEventListener("popstate", changed);
  };
}

export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return useMemo(() => routeOf(path), [path]);
}

export function go(path: string): void {
  history.pushState(null, "", path);
  window.scrollTo(0, 0);
  for (const changed of [...listeners]) changed();
}

/** Replaces the address without leaving the page, as after a sign-in. */
export function show(path: string): void {
  history.replaceState(null, "", path);
  for (const changed of [...listeners]) changed();
}
