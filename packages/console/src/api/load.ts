import { useCallback, useEffect, useState } from "react";
import { useServices } from "../services.ts";
import type { Failure, Result } from "./failure.ts";

/** A value read from the service. After a failure the last value stays, with the failure beside it. */
export type Loaded<Value> = {
  readonly value?: Value | undefined;
  readonly failure?: Failure | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

/**
 * Loads something now, again when `load` changes or `reload` is called, and every `everyMs` while the page can be seen: a number, or what
 * one says of the last value. `load` must be kept by `useCallback`, and the function be the same each time.
 */
export function useLoaded<Value>(
  load: (signal: AbortSignal) => Promise<Result<Value>>,
  everyMs?: number | ((value?: Value) => number),
): Loaded<Value> {
  const { clock } = useServices().platform;
  const [known, setKnown] = useState<{ of: unknown; value?: Value; failure?: Failure }>({ of: load });
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((before) => before + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round loads again.
  useEffect(() => {
    const abort = new AbortController();
    let cancel = () => {};
    const run = async () => {
      cancel();
      const result = await load(abort.signal).catch(() => undefined);
      if (abort.signal.aborted) return;
      if (result)
        setKnown((before) =>
          "value" in result ? { of: load, value: result.value } : { ...(before.of === load && before), of: load, ...result },
        );
      if (everyMs === undefined || document.hidden) return;
      const value = result && "value" in result ? result.value : undefined;
      cancel = clock.after(typeof everyMs === "number" ? everyMs : everyMs(value), () => void run());
    };
    const seen = () => {
      if (document.hidden) cancel();
      else void run();
    };
    void run();
    if (everyMs !== undefined) document.addEventListener("visibilitychange", seen);
    return () => {
      abort.abort();
      cancel();
      document.removeEventListener("visibilitychange", seen);
    };
  }, [load, everyMs, clock, round]);

  const current: Omit<typeof known, "of"> = known.of === load ? known : {};
  return { value: current.value, failure: current.failure, isLoading: !("value" in current) && !("failure" in current), reload };
}
