import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clientCases } from "../../src/conform/client/run.ts";
import { casesOf, lastLine, unjudged } from "../../src/conform/list.ts";
import { cases } from "../../src/conform/run.ts";

const spec = readFileSync(join(import.meta.dirname, "../../../protocol/SPEC.md"), "utf8");
const all = Object.values(cases).flat();

test("what a robot is judged by is told by level and clause, and last what no case sees", () => {
  const lines = [...casesOf(cases).split("\n"), lastLine(spec, all)];
  expect(lines).toHaveLength(all.length + 1);
  expect(lines.some((line) => /^safe +R16 /.test(line))).toBe(true);
  const missed = unjudged(spec, all);
  expect(missed).toContain("W7");
  expect(missed.filter((clause) => all.some(({ clauses }) => clauses.includes(clause)))).toEqual([]);
  expect(lines.at(-1)).toContain(missed.join(", "));
});

test("every clause of a case is in SPEC", () => {
  const judged = [...all, ...Object.values(clientCases).flat()].flatMap(({ clauses }) => clauses);
  expect(judged.filter((clause) => !spec.includes(`- **${clause}** `))).toEqual([]);
});
