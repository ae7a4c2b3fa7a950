import { expect, test } from "vitest";
import { report } from "../report.ts";

function printed(...checks: Parameters<typeof report>[1]) {
  const lines: string[] = [];
  return { code: report((line) => lines.push(line), checks), lines };
}

test("every check runs and is reported, also after one that failed", () => {
  const { code, lines } = printed(["first", () => ["one", "two"]], ["second", () => []], ["third", () => ["three"]]);
  expect(code).toBe(1);
  expect(lines).toEqual([
    "FAILED  first",
    "        one",
    "        two",
    "ok      second",
    "FAILED  third",
    "        three",
    "2 of 3 checks failed.",
  ]);
});

test("the exit code is 0 when all hold", () => {
  expect(printed(["only", () => []])).toEqual({ code: 0, lines: ["ok      only", "All 1 checks hold."] });
});
