import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";

const linesOf = (path: string) => readFileSync(path, "utf8").trimEnd().split("\n");

test.each([
  ["example-c", /\.[ch]$/, 120],
  // gofmt puts the fields of a struct into columns, however wide.
  ["example-go", /\.go$/, Number.POSITIVE_INFINITY],
])("%s is 600 lines at most, as many as its README says, and none is too wide to be read", (name, isSource, widest) => {
  const folder = join(import.meta.dirname, "../../../", name);
  const lines = readdirSync(folder).flatMap((file) => (isSource.test(file) ? linesOf(join(folder, file)) : []));
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.length).toBeLessThanOrEqual(600);
  expect(readFileSync(join(folder, "README.md"), "utf8")).toContain(`in ${lines.length} lines`);
  expect(lines.filter((line) => line.length > widest)).toEqual([]);
});

const [from, to] = limits.session.rolloverMs.map((ms) => ms / 60_000) as [number, number];

test.each([
  ["python/src/tether_robot/limits.py", `ROLLOVER_MS: Final = (${from} * 60_000, ${to} * 60_000)`],
  ["session-c/src/broker.c", `g_random_double_range(${from}, ${to}) / 120`],
  ["example-go/robot.go", `(${from}+${to - from}*rand.Float64())/120`],
])("%s hands over when the SDK does [E8]", (file, window) => {
  expect(readFileSync(join(import.meta.dirname, "../../../", file), "utf8")).toContain(window);
});
