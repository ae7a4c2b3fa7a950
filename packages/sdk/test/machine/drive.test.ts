import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drive, type Work } from "../../src/machine/drive.ts";

type Event = { readonly type: "go"; readonly to: readonly number[] } | { readonly type: "said"; readonly by: number };

/** A machine whose state is the set of works it wants. */
function start(begin: (key: number, emit: (event: Event) => void) => void = () => {}) {
  const running = new Set<number>();
  const started: number[] = [];
  const heard: Event[] = [];
  const mouths = new Map<number, (event: Event) => void>();
  const workOf = (key: number): Work<Event> => ({
    key: String(key),
    begin(emit) {
      running.add(key);
      started.push(key);
      mouths.set(started.length, emit);
      begin(key, emit);
      return () => void running.delete(key);
    },
  });
  const driven = drive<readonly number[], Event>({
    initial: [],
    next(state, event) {
      heard.push(event);
      return event.type === "go" ? [...event.to] : state;
    },
    worksOf: (state) => [...new Set(state)].map(workOf),
    changed: () => {},
  });
  return { driven, running, started, heard, mouths };
}

describe("driving a machine", () => {
  test("runs exactly the work of the state it is in, and lets go on what goes on [E5]", () => {
    const wants = fc.array(fc.uniqueArray(fc.nat(4)), { maxLength: 20 });
    const property = fc.property(wants, (states) => {
      const { driven, running, started } = start();
      let before: readonly number[] = [];
      const expected: number[] = [];
      for (const to of states) {
        driven.tell({ type: "go", to });
        expect([...running].sort()).toEqual([...to].sort());
        expected.push(...to.filter((key) => !before.includes(key)));
        before = to;
      }
      expect(started).toEqual(expected);
      driven.end();
      expect(running.size).toBe(0);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test("does not hear work that was stopped, not even what it said a moment before [E5]", () => {
    const { driven, heard, mouths } = start();
    driven.tell({ type: "go", to: [1] });
    const mouth = mouths.get(1);
    mouth?.({ type: "said", by: 1 });
    driven.tell({ type: "go", to: [] });
    mouth?.({ type: "said", by: 1 });
    expect(heard.map(({ type }) => type)).toEqual(["go", "said", "go"]);
    const busy = start((key, emit) => {
      if (key !== 1) return;
      emit({ type: "go", to: [] });
      emit({ type: "said", by: 1 });
    });
    busy.driven.tell({ type: "go", to: [1] });
    expect(busy.heard.map(({ type }) => type)).toEqual(["go", "go"]);
  });

  test("hears nothing at all once it ended", () => {
    const { driven, heard } = start();
    driven.end();
    driven.tell({ type: "go", to: [1] });
    expect(heard).toEqual([]);
  });
});
