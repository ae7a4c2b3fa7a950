/** The work that is to be run, and its instants. */
export type Timer = { readonly at: number; readonly run: () => void; cancelled: boolean };

/** Timers by their time, and those of one instant in the order they were set: a binary heap, for a fleet sets a hundred thousand. */
export interface Timers {
  /** When the next one is due; Infinity when there is none. */
  nextAt(): number;
  set(at: number, run: () => void): Timer;
  /** Takes out all that is due at `now`. */
  due(now: number): Timer[];
}

type Entry = { readonly timer: Timer; readonly order: number };

const isBefore = (a: Entry, b: Entry) => a.timer.at < b.timer.at || (a.timer.at === b.timer.at && a.order < b.order);

export function createTimers(): Timers {
  const heap: Entry[] = [];
  let made = 0;

  function swap(a: number, b: number): void {
    const [one, other] = [heap[a], heap[b]];
    if (one && other) [heap[a], heap[b]] = [other, one];
  }

  function isMisplaced(child: number, parent: number): boolean {
    const [below, above] = [heap[child], heap[parent]];
    return below !== undefined && above !== undefined && isBefore(below, above);
  }

  function push(entry: Entry): void {
    let at = heap.push(entry) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && isMisplaced(at, parent); parent = (at - 1) >> 1) {
      swap(at, parent);
      at = parent;
    }
  }

  function pop(): Timer | undefined {
    swap(0, heap.length - 1);
    const taken = heap.pop();
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isMisplaced(right, left) ? right : left;
      if (!isMisplaced(child, at)) return taken?.timer;
      swap(child, at);
      at = child;
    }
  }

  /** The next that is still to be run. */
  function first(): Timer | undefined {
    while (heap[0]?.timer.cancelled) pop();
    return heap[0]?.timer;
  }

  return {
    nextAt: () => first()?.at ?? Number.POSITIVE_INFINITY,
    set(at, run) {
      const timer: Timer = { at, run, cancelled: false };
      push({ timer, order: made++ });
      return timer;
    },
    due(now) {
      const taken: Timer[] = [];
      for (let next = first(); next && next.at <= now; next = first()) {
        pop();
        taken.push(next);
      }
      return taken;
    },
  };
}
