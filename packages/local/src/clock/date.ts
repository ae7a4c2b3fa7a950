import type { Clock } from "./clock.ts";

/**
 * Makes the process's `Date` tell this clock's time, for libraries that cannot be handed one: an identity provider whose
 * tokens must not be over as soon as they are issued. Returns what undoes it.
 */
export function tellDate(clock: Pick<Clock, "now">): () => void {
  const Original = globalThis.Date;
  const VirtualDate = new Proxy(Original, {
    construct: (target, args: unknown[], receiver) => Reflect.construct(target, args.length === 0 ? [clock.now()] : args, receiver),
    apply: () => new Original(clock.now()).toString(),
    get: (target, name, receiver) => (name === "now" ? clock.now : Reflect.get(target, name, receiver)),
  });
  globalThis.Date = VirtualDate;
  return () => {
    globalThis.Date = Original;
  };
}
