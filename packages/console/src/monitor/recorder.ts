import type { Monitor } from "@tether/sdk/client";
import type { Clock } from "@tether/sdk/clock";
import type { Seen } from "./line.ts";
import { cleared, emptyLog, heard, type Log, maxLines, missed, paused, resumed } from "./log.ts";
import { counted, noRates, type Rates } from "./rate.ts";

/** The interval at which new frames are shown, in ms: a page that is drawn for every frame has time for nothing else. */
export const showEveryMs = 200;

/** `isOn`: whether frames are seen now. */
export type Record = { readonly log: Log; readonly rates: Rates; readonly isOn: boolean };

/** Keeps what was seen over any number of connections and sessions, for whatever draws it. */
export interface Recorder {
  view(): Record;
  subscribe(changed: () => void): () => void;
  /** Takes down what this end sees from now on. Calling what it returns ends that. */
  follow(monitor: Monitor): () => void;
  pause(): void;
  resume(): void;
  clear(): void;
}

export function createRecorder(clock: Clock): Recorder {
  const listeners = new Set<() => void>();
  let record: Record = { log: emptyLog, rates: noRates, isOn: false };
  let fresh: Seen[] = [];
  let kinds: string[] = [];
  let blindSince: number | undefined;
  let cancel: (() => void) | undefined;

  function become(part: Partial<Record>): void {
    record = { ...record, ...part };
    for (const changed of [...listeners]) changed();
  }

  function show(): void {
    cancel?.();
    cancel = undefined;
    if (fresh.length === 0) return;
    const [seen, of] = [fresh, kinds];
    [fresh, kinds] = [[], []];
    become({ log: heard(record.log, seen), rates: counted(record.rates, of, clock.now()) });
  }

  function hear(seen: Seen): void {
    fresh.push(seen);
    kinds.push(seen.kind);
    if (fresh.length < maxLines) cancel ??= clock.after(showEveryMs, show);
    else show();
  }

  function look(isOn: boolean): void {
    show();
    if (isOn === record.isOn) return;
    const now = clock.now();
    const log = isOn && blindSince !== undefined ? missed(record.log, { from: blindSince, to: now }) : record.log;
    blindSince = isOn ? undefined : now;
    become({ log, isOn });
  }

  const change = (by: (log: Log) => Log) => {
    show();
    become({ log: by(record.log) });
  };

  return {
    view: () => record,
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    follow(monitor) {
      look(monitor.isOn);
      const offs = [monitor.on("seen", hear), monitor.on("changed", ({ isOn }) => look(isOn))];
      return () => {
        for (const off of offs) off();
        look(false);
      };
    },
    pause: () => change(paused),
    resume: () => change(resumed),
    clear: () => change(cleared),
  };
}
