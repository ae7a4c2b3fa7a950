import type { Clock } from "./clock.ts";
import { createLinks, type Links } from "./link.ts";

/** Knows what has been started and not finished. */
export interface Quiet {
  /** Something begins; it is over when the returned function is called. */
  begin(label: string): () => void;
  track<T>(label: string, work: Promise<T>): Promise<T>;
  readonly links: Links;
  /** Stops waiting for what carries a matching label, until the returned function is called: for work that waits for the clock itself. */
  ignore(label: RegExp): () => void;
  /** The labels of what is under way. */
  open(): string[];
  /** How often anything began or ended. */
  changes(): number;
  /** Resolves once nothing is under way and nothing new came of it. Rejects naming what is, after `limitMs` of real time. */
  idle(): Promise<void>;
}

/** So many turns of the event loop must pass without any change. */
const calmTurns = 3;

function summary(labels: string[]): string {
  const times = new Map<string, number>();
  for (const label of labels) times.set(label, (times.get(label) ?? 0) + 1);
  if (times.size === 0) return "nothing, but something new kept starting";
  return [...times].map(([label, count]) => (count > 1 ? `${label} (${count} times)` : label)).join("; ");
}

/** `clock` is the real one: a hang must end although virtual time stands still. */
export function createQuiet(env: { clock: Clock; turn: () => Promise<void>; limitMs?: number }): Quiet {
  const { limitMs = 300_000 } = env;
  const spans = new Map<symbol, string>();
  const ignored = new Set<RegExp>();
  const waiting = new Set<() => void>();
  let changes = 0;

  const open = () => [...spans.values(), ...links.busy()].filter((label) => ![...ignored].some((pattern) => pattern.test(label)));
  const isOpen = () => (ignored.size > 0 ? open().length > 0 : spans.size > 0 || links.isBusy());

  function changed(): void {
    changes++;
    if (waiting.size === 0 || isOpen()) return;
    for (const wake of waiting) wake();
    waiting.clear();
  }

  const links = createLinks(changed);

  async function calm(): Promise<boolean> {
    const before = changes;
    for (let turn = 0; turn < calmTurns; turn++) {
      await env.turn();
      if (changes !== before) return false;
    }
    return true;
  }

  async function settle(late: () => boolean): Promise<void> {
    while (!late()) {
      if (!isOpen()) {
        if (await calm()) return;
        continue;
      }
      await new Promise<void>((wake) => waiting.add(wake));
    }
    throw new Error(`Not quiet after ${limitMs} ms. Still open: ${summary(open())}.`);
  }

  function begin(label: string): () => void {
    const span = Symbol(label);
    spans.set(span, label);
    changed();
    return () => {
      if (spans.delete(span)) changed();
    };
  }

  return {
    begin,
    async track(label, work) {
      const end = begin(label);
      try {
        return await work;
      } finally {
        end();
      }
    },
    links,
    ignore(label) {
      ignored.add(label);
      changed();
      return () => {
        ignored.delete(label);
        changed();
      };
    },
    open,
    changes: () => changes,
    async idle() {
      let late = false;
      const cancel = env.clock.after(limitMs, () => {
        late = true;
        for (const wake of waiting) wake();
        waiting.clear();
      });
      try {
        await settle(() => late);
      } finally {
        cancel();
      }
    },
  };
}
