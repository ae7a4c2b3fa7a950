import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { faultNames } from "../../src/fault/parse.ts";
import { permanentFaults } from "../../src/fault/permanent.ts";

const page = readFileSync(new URL("../../../../docs/architecture.md", import.meta.url), "utf8");
const [, section = ""] = page.split("## What the stand-in does as AWS does");
const rows =
  section
    .split("\n## ", 1)[0]
    ?.split("\n")
    .filter((line) => line.startsWith("| ")) ?? [];
const cells = rows.map((row) => row.split(" | ").at(-1) ?? "");

it.each(faultNames)("the fault %s has one row in docs/architecture.md, which says whether it is always in force", (name) => {
  const found = cells.filter((cell) => cell.includes(`\`${name}\``));
  expect(found).toHaveLength(1);
  const isPermanent = permanentFaults(true).some((fault) => fault.name === name);
  expect(new RegExp(`\`${name}\`, always`).test(found[0] ?? "")).toBe(isPermanent);
});

it("the page names no fault that there is not", () => {
  const named = cells.flatMap((cell) => [...cell.matchAll(/`([a-z.]+)`/g)].map(([, name]) => name));
  expect(named.filter((name) => !faultNames.includes(name as never))).toEqual([]);
});
