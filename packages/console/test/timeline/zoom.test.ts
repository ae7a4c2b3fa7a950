import { fc, test } from "@fast-check/vitest";
import { expect, test as plain } from "vitest";
import { at, fitting, lengths, live, longest, panned, shortest, stepped, type TimeRange, xOf, zoomed } from "../../src/timeline/zoom.ts";

const now = Date.UTC(2026, 5, 1, 12);

const views = fc
  .tuple(fc.integer({ min: 0, max: 30 * longest }), fc.integer({ min: shortest, max: longest }), fc.boolean())
  .map(([back, ms, isLive]): TimeRange => {
    return isLive ? live(ms, now) : { from: now - back - ms, to: now - back, isLive };
  });

test.prop([views, fc.integer({ min: -2, max: 2 }), fc.double({ min: 0, max: 10 * longest, noNaN: true })])(
  "no zoom and no pan looks beyond now, or at less than a minute or more than a week",
  (range, part, ms) => {
    for (const next of [zoomed(range, ms, now), panned(range, part, now), stepped(range, "in", now), stepped(range, "out", now)]) {
      expect(next.to).toBeLessThanOrEqual(now);
      expect(next.to - next.from).toBeGreaterThanOrEqual(shortest - 1);
      expect(next.to - next.from).toBeLessThanOrEqual(longest + 1);
    }
  },
);

plain("a live range goes with the time, another one stays", () => {
  expect(at(live(60_000, now), now + 5_000)).toEqual({ from: now - 55_000, to: now + 5_000, isLive: true });
  const past = panned(live(60_000, now), -1, now);
  expect(at(past, now + 5_000)).toBe(past);
});

plain("back to now is live again", () => {
  const past = panned(live(60_000, now), -0.5, now);
  expect([past.isLive, panned(past, 0.5, now).isLive]).toEqual([false, true]);
});

plain("steps go through all lengths and stop at the ends", () => {
  let range = live(shortest, now);
  for (const { ms } of lengths) {
    expect(range.to - range.from).toBe(ms);
    range = stepped(range, "out", now);
  }
  expect(stepped(range, "out", now)).toEqual(range);
  expect(stepped(live(shortest, now), "in", now)).toEqual(live(shortest, now));
});

plain("a zoom keeps its middle where it was", () => {
  const past: TimeRange = { from: now - 7_200_000, to: now - 3_600_000, isLive: false };
  expect(zoomed(past, 900_000, now)).toEqual({ from: now - 5_850_000, to: now - 4_950_000, isLive: false });
});

plain.each([
  [30_000, 60_000],
  [60_001, 900_000],
  [3_600_000, 3_600_000],
  [99_999_999, 3_600_000],
])("a history of %i ms is first shown in %i ms", (known, shown) => {
  const range = fitting(now - known, now);
  expect(range.to - range.from).toBe(shown);
});

plain("an instant stands at its place", () => {
  const range = { from: now, to: now + 100, isLive: false };
  expect([xOf(now, range, 200), xOf(now + 50, range, 200), xOf(now + 100, range, 200)]).toEqual([0, 100, 200]);
});
