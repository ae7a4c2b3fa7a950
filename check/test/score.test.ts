import { expect, test } from "vitest";
import { page } from "../mutate/page.ts";
import { count, percent } from "../mutate/score.ts";

const day = "2026-06-01";
const file = "packages/sdk/src/lease/lease.ts";
const mutant = (line: number, status: string, replacement = "false") => ({
  mutatorName: "ConditionalExpression",
  replacement,
  status,
  location: { start: { line } },
});
const source = "const a = 1;\nif (a > 0) act();\nif (b > 0) wait();";
const equivalent = { file, code: "if (b > 0)", by: "ConditionalExpression: true", because: "b is never less" };

test("a mutant that is found by a failure or a hang counts for, one that survives or no test covers against", () => {
  const mutants = [mutant(1, "Killed"), mutant(2, "Timeout"), mutant(2, "Survived"), mutant(3, "NoCoverage"), mutant(3, "CompileError")];
  const { scores, survivors, stale } = count({ files: { [file]: { source, mutants } } }, [], day);
  expect(scores).toEqual([{ file, found: 2, missed: 2, equivalent: 0, day }]);
  expect(percent(scores)).toBe(50);
  expect(survivors.map(({ line, code }) => [line, code])).toEqual([
    [2, "if (a > 0) act();"],
    [3, "if (b > 0) wait();"],
  ]);
  expect(stale).toEqual([]);
});

test("an equivalent mutant counts for nothing, and is stale once no survivor is it", () => {
  const survived = { [file]: { source, mutants: [mutant(1, "Killed"), mutant(3, "Survived", "true"), mutant(3, "Survived")] } };
  expect(count({ files: survived }, [equivalent], day)).toMatchObject({ scores: [{ found: 1, missed: 1, equivalent: 1 }], stale: [] });
  const killed = { [file]: { source, mutants: [mutant(3, "Killed", "true")] } };
  expect(count({ files: killed }, [equivalent], day).stale).toEqual([`${file}: if (b > 0) (ConditionalExpression: true)`]);
  expect(count({ files: {} }, [equivalent], day).stale).toEqual([]);
});

test("an equivalent mutant is one: the same words name no second", () => {
  const survived = { [file]: { source, mutants: [mutant(3, "Survived", "true"), mutant(3, "Survived", "true")] } };
  expect(count({ files: survived }, [equivalent], day)).toMatchObject({ scores: [{ missed: 1, equivalent: 1 }], stale: [] });
});

test("a score is never shown better than it is", () => {
  expect(percent([{ file, found: 89_999, missed: 10_001, equivalent: 0, day }])).toBe(89.9);
  expect(percent([])).toBe(100);
});

test("a run replaces the rows of its own files and keeps the others that still exist", () => {
  const other = { file: "packages/core/src/ticket/seal.ts", found: 9, missed: 1, equivalent: 2, day };
  const gone = { ...other, file: "packages/core/src/ticket/gone.ts" };
  const first = page("", [{ file, found: 1, missed: 1, equivalent: 0, day }, other, gone], () => true);
  const notes = "\n## Notes\n\nA | 1 | note.\n";
  const second = page(first + notes, [{ file, found: 3, missed: 1, equivalent: 0, day: "2026-06-02" }], (path) => path !== gone.file);
  expect(second.endsWith(notes)).toBe(true);
  expect(second.split("\n").filter((line) => line.startsWith("| ") && /\d/.test(line))).toEqual([
    "| **packages/core/src/ticket** | 12 | 9 | 1 | 2 | 90 | 2026-06-01 |",
    "| seal.ts | 12 | 9 | 1 | 2 | 90 | 2026-06-01 |",
    "| **packages/sdk/src/lease** | 4 | 3 | 1 | 0 | 75 | 2026-06-02 |",
    "| lease.ts | 4 | 3 | 1 | 0 | 75 | 2026-06-02 |",
  ]);
});
