import { useEffect, useState } from "react";
import { useServices } from "../services.ts";

/** The time, told anew every `everyMs` for as long as someone looks at what shows it. */
export function useNow(everyMs = 1_000): number {
  const { clock } = useServices().platform;
  const [now, setNow] = useState(clock.now);
  useEffect(() => {
    let cancel = () => {};
    const tick = () => {
      setNow(clock.now());
      cancel = clock.after(everyMs, tick);
    };
    tick();
    return () => cancel();
  }, [clock, everyMs]);
  return now;
}
