import { fc, test } from "@fast-check/vitest";
import { expect, test as plain } from "vitest";
import { cleared, emptyLog, heard, type Log, maxLines, missed, paused, resumed } from "../../src/monitor/log.ts";
import { begin, seen } from "./seen.ts";

const many = (count: number, from = 0) => Array.from({ length: count }, (_, n) => seen(from + n));
const seconds = ({ lines }: Log) => lines.map((line) => ("gap" in line ? "gap" : (line.at - begin) / 1_000));

plain("the last thousand lines are kept, and no more", () => {
  const full = heard(emptyLog, many(maxLines));
  expect([full.lines.length, seconds(full)[0]]).toEqual([maxLines, 0]);
  const over = heard(full, [seen(maxLines)]);
  expect([over.lines.length, seconds(over)[0], seconds(over).at(-1)]).toEqual([maxLines, 1, maxLines]);
});

plain("frames that came together stand in the order of the broker's clock", () => {
  expect(seconds(heard(emptyLog, [seen(3), seen(1), seen(2)]))).toEqual([1, 2, 3]);
});

plain("what is paused does not move, counts what comes, and shows it when it goes on", () => {
  const still = paused(heard(emptyLog, many(2)));
  const later = missed(heard(heard(still, many(3, 2)), [seen(5)]), { from: begin, to: begin + 1 });
  expect([seconds(later), later.news]).toEqual([[0, 1], 5]);
  const on = resumed(later);
  expect([seconds(on), on.news, on.isPaused]).toEqual([[0, 1, 2, 3, 4, 5, "gap"], 0, false]);
});

plain("a long pause counts all that came and keeps the last thousand", () => {
  const later = heard(heard(paused(emptyLog), many(maxLines)), many(500, maxLines));
  expect([later.news, later.waiting.length, seconds(resumed(later))[0]]).toEqual([maxLines + 500, maxLines, 500]);
});

plain("what is cleared is gone, also what waited; whether it is paused stays", () => {
  const log = cleared(heard(paused(heard(emptyLog, many(2))), many(3)));
  expect([log.lines, log.waiting, log.news, log.isPaused]).toEqual([[], [], 0, true]);
});

const step = fc.oneof(
  fc.integer({ min: 1, max: 700 }).map((count) => (log: Log) => heard(log, many(count))),
  fc.constant((log: Log) => missed(log, { from: begin, to: begin })),
  fc.constantFrom(paused, resumed, cleared),
);

test.prop([fc.array(step, { maxLength: 30 })])("whatever happens, no more is kept than fits, and no line is another's double", (steps) => {
  let log: Log = emptyLog;
  for (const next of steps) {
    log = next(log);
    expect(log.lines.length).toBeLessThanOrEqual(maxLines);
    expect(log.waiting.length).toBeLessThanOrEqual(maxLines);
    const numbers = [...log.lines, ...log.waiting].map(({ n }) => n);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    if (!log.isPaused) expect([log.news, log.waiting]).toEqual([0, []]);
  }
});
