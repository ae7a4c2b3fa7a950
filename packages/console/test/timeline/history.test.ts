import { expect, test } from "vitest";
import { exported } from "../../src/timeline/export.ts";
import { type History, merged, nothing } from "../../src/timeline/history.ts";
import { begin, entry, rover } from "./entries.ts";

const [a, b, c, d] = [entry(1, "robot.created"), entry(2, "session.online"), entry(3, "session.away"), entry(4, "session.ended")];

function ids(history: History | undefined): string[] | undefined {
  return history?.events.map(({ id }) => id);
}

test("the first page is known from its oldest entry on, and wholly where there is no older one", () => {
  expect(merged(nothing, [b, a], "more")).toEqual({ events: [a, b], since: a.at, cursor: "more" });
  expect(merged(nothing, [b, a], undefined)?.since).toBe(-Infinity);
});

test("newer entries are put to what is known, each once", () => {
  const known = merged(nothing, [b, a], "more");
  expect(ids(known && merged(known, [d, c, b], "newer"))).toEqual([a, b, c, d].map(({ id }) => id));
  expect(known && merged(known, [b, a], "more")).toBe(known);
});

test("with a gap between them the next page is needed", () => {
  const known = merged(nothing, [a], "more");
  expect(known && merged(known, [d, c], "gap")).toBeUndefined();
  expect(ids(known && merged(known, [d, c, b, a], "gap"))).toEqual([a, b, c, d].map(({ id }) => id));
});

test("an entry that stands for a stretch of time takes the place at its beginning", () => {
  const known = merged(nothing, [c, a], undefined);
  expect(ids(known && merged(known, [c, b, a], undefined))).toEqual([a, b, c].map(({ id }) => id));
});

test("a saved timeline says who, when and all that was known, with instants as RFC 3339 has them", () => {
  const range = { from: begin, to: begin + 60_000, isLive: false };
  const saved = JSON.parse(exported({ robot: rover as never, name: "Rover", range, events: [a] }));
  expect(saved).toEqual({
    robot: rover,
    name: "Rover",
    from: "2026-06-01T12:00:00.000Z",
    to: "2026-06-01T12:01:00.000Z",
    events: [{ ...a, time: "2026-06-01T12:00:01.000Z" }],
  });
});
