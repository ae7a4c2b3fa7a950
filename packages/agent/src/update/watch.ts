import type { Clock } from "@tether/sdk/clock";

/** How often a run looks whether another version was installed, in ms. */
export const lookMs = 2_000;

type Env = {
  readonly clock: Clock;
  /** The version that runs, and the one that the next start runs. */
  readonly version: string;
  readonly current: () => string | undefined;
  /** The version that did not come online here. */
  readonly failed: () => Promise<string | undefined>;
  readonly isDriven: () => boolean;
};

/** Aborts its signal once another version is installed and nobody drives: an update never moves, nor stops, a robot that is driven. */
export function watchForUpdate({ clock, version, current, failed, isDriven }: Env): { readonly signal: AbortSignal; close(): void } {
  const due = new AbortController();
  let cancel = () => {};
  let isClosed = false;

  async function look(): Promise<void> {
    const next = current();
    const isNew = next !== undefined && next !== version && next !== (await failed());
    if (isClosed) return;
    if (isNew && !isDriven()) due.abort();
    else wait();
  }

  function wait(): void {
    cancel = clock.after(lookMs, () => void look());
  }
  wait();
  return {
    signal: due.signal,
    close() {
      isClosed = true;
      cancel();
    },
  };
}
