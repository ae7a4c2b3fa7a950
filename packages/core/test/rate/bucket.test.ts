import fc from "fast-check";
import { expect, test } from "vitest";
import { createBuckets } from "../../src/rate/index.ts";

function createTimed(rate: { burst: number; everyMs: number }, most = 10) {
  let now = 1_000;
  const buckets = createBuckets({ now: () => now }, rate, most);
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...buckets, pass };
}

test("a burst is let through, then one more each time there is one again [A7]", () => {
  const { take, pass } = createTimed({ burst: 3, everyMs: 100 });
  expect([take("a"), take("a"), take("a"), take("a")]).toEqual([0, 0, 0, 100]);
  pass(99);
  expect(take("a")).toBe(1);
  pass(1);
  expect([take("a"), take("a")]).toEqual([0, 100]);
  pass(10_000);
  expect([take("a"), take("a"), take("a"), take("a")]).toEqual([0, 0, 0, 100]);
});

test("one principal's greed costs no other [A7]", () => {
  const { take } = createTimed({ burst: 1, everyMs: 100 });
  expect([take("a"), take("a"), take("b")]).toEqual([0, 100, 0]);
});

test("it remembers so many principals and no more, and forgets who was quiet for longest", () => {
  const { take, size } = createTimed({ burst: 1, everyMs: 100 }, 2);
  for (const principal of ["a", "b", "c"]) expect(take(principal)).toBe(0);
  expect(size()).toBe(2);
  expect([take("c"), take("b"), take("a")]).toEqual([100, 100, 0]);
});

test("over any time no more are let through than the burst and what time gave; who waits as told is let through", () => {
  const steps = fc.array(fc.record({ ms: fc.nat(300), obey: fc.boolean() }), { maxLength: 100 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 100 }), (asked, burst, everyMs) => {
      const { take, pass } = createTimed({ burst, everyMs });
      let [through, elapsed] = [0, 0];
      for (const { ms, obey } of asked) {
        pass(ms);
        elapsed += ms;
        const waitMs = take("a");
        if (waitMs === 0) through++;
        else if (obey) {
          pass(waitMs);
          elapsed += waitMs;
          expect(take("a")).toBe(0);
          through++;
        }
        expect(through).toBeLessThanOrEqual(burst + Math.floor(elapsed / everyMs));
      }
    }),
  );
});
