import { fc, test } from "@fast-check/vitest";
import { expect, test as plain } from "vitest";
import { instant } from "../../src/format/instant.ts";
import { clusters } from "../../src/timeline/cluster.ts";
import { evidenceRows } from "../../src/timeline/evidence.ts";
import { move } from "../../src/timeline/position.ts";
import { ticks } from "../../src/timeline/tick.ts";

const day = 86_400_000;
const midnight = Date.UTC(2026, 5, 1);

plain("ticks of a day stand at whole hours of the reader's zone", () => {
  const offsetMs = 5.5 * 3_600_000;
  const found = ticks({ from: midnight, to: midnight + day }, 8, offsetMs);
  expect(found.length).toBeLessThanOrEqual(9);
  expect(found.map(({ at }) => (at + offsetMs) % (3 * 3_600_000))).toEqual(found.map(() => 0));
});

test.prop([fc.integer({ min: 60_000, max: 7 * day }), fc.integer({ min: 2, max: 20 })])(
  "there are never more ticks than there is room for",
  (ms, most) => {
    expect(ticks({ from: midnight, to: midnight + ms }, most, 0).length).toBeLessThanOrEqual(most + 1);
  },
);

test.prop([fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }))])("marks that are drawn stand apart, and none is lost", (places) => {
  const sorted = places.toSorted((a, b) => a - b);
  const found = clusters(sorted, (x) => x, 16);
  expect(found.flatMap(({ items }) => items)).toEqual(sorted);
  found.slice(1).forEach(({ x }, index) => {
    expect(x - (found[index]?.x ?? 0)).toBeGreaterThanOrEqual(16);
  });
});

plain.each([
  [{ lane: 0, item: 0 }, "ArrowRight", { lane: 0, item: 1 }],
  [{ lane: 0, item: 1 }, "ArrowRight", { lane: 0, item: 1 }],
  [{ lane: 0, item: 0 }, "ArrowLeft", { lane: 0, item: 0 }],
  [{ lane: 0, item: 1 }, "ArrowDown", { lane: 2, item: 0 }],
  [{ lane: 2, item: 0 }, "ArrowUp", { lane: 0, item: 0 }],
  [{ lane: 2, item: 0 }, "ArrowDown", { lane: 2, item: 0 }],
  [{ lane: 1, item: 5 }, "stay", { lane: 2, item: 0 }],
])("from %o, %s leads to %o, past lanes without items", (from, key, to) => {
  expect(move(from, key, [2, 0, 1])).toEqual(to);
});

plain("evidence reads as a person says it: lengths of time, instants, names", () => {
  const rows = evidenceRows({ connectionAgeMs: 7_200_000, authExpiresAt: midnight, closeCode: 1006, reached: false, role: "owner" });
  expect(rows.map(({ name }) => name)).toEqual(["Auth expires", "Close code", "Connection age", "Reached the robot", "Role"]);
  expect(rows.map(({ value }) => value)).toEqual([expect.stringMatching(/2026/), "1006", "2 hours", "No", "Owner"]);
});

plain("no evidence is a bare instant or code: since when one drove, why one was away, how it was found out", () => {
  const rows = evidenceRows({ since: midnight, whenever: midnight, awayFor: "connection.lost", found: "asked" });
  expect(rows).toEqual([
    { name: "Away because", value: "The connection broke" },
    { name: "Drove since", value: instant(midnight) },
    { name: "Found out", value: "by asking the gateway" },
    { name: "Whenever", value: instant(midnight) },
  ]);
});
