import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listOf, unjudged } from "../../src/conform/list.ts";
import { cases } from "../../src/conform/run.ts";

const spec = readFileSync(join(import.meta.dirname, "../../../protocol/SPEC.md"), "utf8");
const all = Object.values(cases).flat();

test("what a robot is judged by is told by level and clause, and last what no case sees", () => {
  const lines = listOf(cases, spec).split("\n");
  expect(lines).toHaveLength(all.length + 1);
  expect(lines.some((line) => /^safe +R16 /.test(line))).toBe(true);
  const missed = unjudged(spec, all);
  expect(missed).toContain("W7");
  expect(missed.filter((clause) => all.some(({ clauses }) => clauses.includes(clause)))).toEqual([]);
  expect(lines.at(-1)).toContain(missed.join(", "));
});

test("every clause of a case is in SPEC", () => {
  expect(all.flatMap(({ clauses }) => clauses).filter((clause) => !spec.includes(`- **${clause}** `))).toEqual([]);
});
