import type { Clock } from "@tether/sdk/clock";

/** Passes at most one value on every `ms`: the first at once, then the newest one that arrived meanwhile. */
export function latest<Value>(clock: Clock, ms: number, pass: (value: Value) => void): { put(value: Value): void; close(): void } {
  let waiting: { readonly value: Value } | undefined;
  let cancel: (() => void) | undefined;

  function rest(): void {
    cancel = clock.after(ms, () => {
      cancel = undefined;
      const next = waiting;
      waiting = undefined;
      if (next) put(next.value);
    });
  }

  function put(value: Value): void {
    if (cancel) waiting = { value };
    else {
      rest();
      pass(value);
    }
  }

  return {
    put,
    close() {
      cancel?.();
      cancel = undefined;
      waiting = undefined;
    },
  };
}
