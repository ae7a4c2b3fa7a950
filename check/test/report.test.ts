import { expect, test } from "vitest";
import { report } from "../report.ts";

async function printed(...checks: Parameters<typeof report>[1]) {
  const lines: string[] = [];
  return { code: await report((line) => lines.push(line), checks), lines };
}

test("every check runs and is reported, also after one that failed", async () => {
  const { code, lines } = await printed(["first", () => ["one", "two"]], ["second", () => []], ["third", () => ["three"]]);
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

test("a check that is over before the one it runs beside is reported in its place", async () => {
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const second = () => {
    resolve(["late"]);
    return ["early"];
  };
  const { lines } = await printed(["first", () => promise], ["second", second]);
  expect(lines.slice(0, 4)).toEqual(["FAILED  first", "        late", "FAILED  second", "        early"]);
});

test("the exit code is 0 when all hold", async () => {
  expect(await printed(["only", () => []])).toEqual({ code: 0, lines: ["ok      only", "All 1 checks hold."] });
});
