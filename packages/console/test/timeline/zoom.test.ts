import { fc, test } from "@fast-check/vitest";
import { expect, test as plain } from "vitest";
import { at, fitting, lengths, live, longest, panned, place, shortest, stepped, type View, zoomed } from "../../src/timeline/zoom.ts";

const now = Date.UTC(2026, 5, 1, 12);

const views = fc
  .tuple(fc.integer({ min: 0, max: 30 * longest }), fc.integer({ min: shortest, max: longest }), fc.boolean())
  .map(([back, ms, isLive]): View => {
    return isLive ? live(ms, now) : { from: now - back - ms, to: now - back, isLive };
  });

test.prop([views, fc.integer({ min: -2, max: 2 }), fc.double({ min: 0, max: 10 * longest, noNaN: true })])(
  "no zoom and no pan looks beyond now, or at less than a minute or more than a week",
  (view, part, ms) => {
    for (const next of [zoomed(view, ms, now), panned(view, part, now), stepped(view, "in", now), stepped(view, "out", now)]) {
      expect(next.to).toBeLessThanOrEqual(now);
      expect(next.to - next.from).toBeGreaterThanOrEqual(shortest - 1);
      expect(next.to - next.from).toBeLessThanOrEqual(longest + 1);
    }
  },
);

plain("a live view goes with the time, another one stays", () => {
  expect(at(live(60_000, now), now + 5_000)).toEqual({ from: now - 55_000, to: now + 5_000, isLive: true });
  const past = panned(live(60_000, now), -1, now);
  expect(at(past, now + 5_000)).toBe(past);
});

plain("back to now is live again", () => {
  const past = panned(live(60_000, now), -0.5, now);
  expect([past.isLive, panned(past, 0.5, now).isLive]).toEqual([false, true]);
});

plain("steps go through all lengths and stop at the ends", () => {
  let view = live(shortest, now);
  for (const { ms } of lengths) {
    expect(view.to - view.from).toBe(ms);
    view = stepped(view, "out", now);
  }
  expect(stepped(view, "out", now)).toEqual(view);
  expect(stepped(live(shortest, now), "in", now)).toEqual(live(shortest, now));
});

plain("a zoom keeps its middle where it was", () => {
  const past: View = { from: now - 7_200_000, to: now - 3_600_000, isLive: false };
  expect(zoomed(past, 900_000, now)).toEqual({ from: now - 5_850_000, to: now - 4_950_000, isLive: false });
});

plain.each([
  [30_000, 60_000],
  [60_001, 900_000],
  [3_600_000, 3_600_000],
  [99_999_999, 3_600_000],
])("a history of %i ms is first shown in %i ms", (known, shown) => {
  const view = fitting(now - known, now);
  expect(view.to - view.from).toBe(shown);
});

plain("an instant stands at its place", () => {
  const view = { from: now, to: now + 100, isLive: false };
  expect([place(now, view, 200), place(now + 50, view, 200), place(now + 100, view, 200)]).toEqual([0, 100, 200]);
});
