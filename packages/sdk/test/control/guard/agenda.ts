/** Virtual time in ms, and what happens at which instant. What is from the broker can be lost on its way. */
export function createAgenda(start: number) {
  let now = start;
  let queue: { readonly at: number; readonly run: () => void; readonly fromBroker: boolean }[] = [];

  /** Takes out the first of what is due by an instant; of two that are due at once, the one that was put in first. */
  function takeDue(until: number) {
    let first = -1;
    queue.forEach(({ at }, index) => {
      if (at <= until && (first < 0 || at < (queue[first]?.at ?? 0))) first = index;
    });
    return first < 0 ? undefined : queue.splice(first, 1)[0];
  }

  return {
    now: () => now,
    later: (ms: number, run: () => void, fromBroker = false) => void queue.push({ at: now + ms, run, fromBroker }),
    /** Time goes on; what falls due on the way happens. */
    pass(ms: number) {
      const until = now + ms;
      for (let act = takeDue(until); act; act = takeDue(until)) {
        now = Math.max(now, act.at);
        act.run();
      }
      now = until;
    },
    loseFrames() {
      queue = queue.filter(({ fromBroker }) => !fromBroker);
    },
  };
}

export type Agenda = ReturnType<typeof createAgenda>;
