import { routes } from "@tether/sdk/api";
import { useCallback, useEffect, useRef, useState } from "react";
import { useServices } from "../services.ts";
import { type Filter, type Fleet, type FleetWatch, watchFleet } from "./watch.ts";

/** So long after it was last used a page counts as attended. */
const attendedMs = 60_000;

const uses = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"] as const;

/** The fleet, new while it can be seen. `card` is the `ref` of what shows a robot, which names it as `data-robot`. */
export function useFleet({ name, state }: Filter) {
  const { api, platform } = useServices();
  const { clock } = platform;
  const [fleet, setFleet] = useState<Fleet>({ isWhole: true });
  const watch = useRef<FleetWatch>(undefined);
  const seen = useRef<{ ids: Set<string>; observer: IntersectionObserver }>(undefined);

  useEffect(() => {
    let usedAt = clock.now();
    const isAttended = () => clock.now() - usedAt < attendedMs;
    const watching = watchFleet({
      clock,
      list: (query, signal) => api.call(routes.listRobots, { query: Object.fromEntries(query), signal }),
      isAttended,
      inView: () => [...(seen.current?.ids ?? [])],
      changed: setFleet,
    });
    watch.current = watching;
    const used = () => {
      const wasAttended = isAttended();
      usedAt = clock.now();
      if (!wasAttended) watching.wake();
    };
    const hidden = () => watching.hide(document.hidden);
    for (const use of uses) document.addEventListener(use, used, { passive: true });
    document.addEventListener("visibilitychange", hidden);
    return () => {
      watching.stop();
      for (const use of uses) document.removeEventListener(use, used);
      document.removeEventListener("visibilitychange", hidden);
    };
  }, [api, clock]);

  useEffect(() => watch.current?.search({ ...(name && { name }), ...(state && { state }) }), [name, state]);

  const card = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    seen.current ??= observe();
    const { ids, observer } = seen.current;
    observer.observe(element);
    return () => {
      observer.unobserve(element);
      ids.delete(element.dataset.robot ?? "");
    };
  }, []);

  return { ...fleet, card, reload: useCallback(() => watch.current?.reload(), []) };
}

function observe(): { ids: Set<string>; observer: IntersectionObserver } {
  const ids = new Set<string>();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const id = (target as HTMLElement).dataset.robot ?? "";
      if (isIntersecting) ids.add(id);
      else ids.delete(id);
    }
  });
  return { ids, observer };
}
