/** Work that a state does while it lasts. The same `key` in the next state means that the work goes on untouched. */
export type Work<Event> = {
  readonly key: string;
  /** Starts it. `emit` falls silent once the work is over. Returns what stops it. */
  readonly begin: (emit: (event: Event) => void) => () => void;
};

export type Driven<State, Event> = {
  state(): State;
  tell(event: Event): void;
  /** Stops all work; nothing is heard or done afterwards. */
  end(): void;
};

/**
 * Runs a machine by one rule: entering a state starts its work, leaving it stops that work, and work that was stopped
 * cannot speak any more. E5
 */
export function drive<State, Event>(env: {
  initial: State;
  next: (state: State, event: Event) => State;
  worksOf: (state: State) => readonly Work<Event>[];
  changed: (state: State, before: State, event: Event) => void;
}): Driven<State, Event> {
  let state = env.initial;
  let busy = false;
  let over = false;
  const queue: { readonly event: Event; readonly heard: () => boolean }[] = [];
  const running = new Map<string, () => void>();

  function start({ key, begin }: Work<Event>): void {
    let alive = true;
    let stop = () => {};
    running.set(key, () => {
      alive = false;
      stop();
    });
    // An event that the work emitted before it was stopped may still be queued: whether the work lives is asked again at its turn.
    stop = begin((event) => put(event, () => alive));
  }

  function reconcile(works: readonly Work<Event>[]): void {
    const wanted = new Set(works.map(({ key }) => key));
    for (const [key, stop] of [...running]) {
      if (wanted.has(key)) continue;
      running.delete(key);
      stop();
    }
    for (const work of works) if (!running.has(work.key)) start(work);
  }

  function put(event: Event, heard: () => boolean): void {
    if (over || !heard()) return;
    queue.push({ event, heard });
    if (!busy) work();
  }

  function work(): void {
    busy = true;
    try {
      for (let first = queue.shift(); first && !over; first = queue.shift()) {
        if (!first.heard()) continue;
        const before = state;
        state = env.next(before, first.event);
        if (state === before) continue;
        reconcile(env.worksOf(state));
        env.changed(state, before, first.event);
      }
    } finally {
      busy = false;
    }
  }

  busy = true;
  reconcile(env.worksOf(state));
  work();
  return {
    state: () => state,
    tell: (event) => put(event, () => true),
    end() {
      over = true;
      reconcile([]);
    },
  };
}
