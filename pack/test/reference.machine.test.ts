import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../package.ts";

const folder = join(root, "docs/api");

const pages = () => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

test("the reference in docs/api is that of today's declarations, each type that can be reached is in it, and each exported symbol of the packages says what it is", () => {
  const before = pages();
  const { status, stderr } = spawnSync(process.execPath, ["pack/reference/main.ts"], { cwd: root, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  expect(pages()).toEqual(before);
});
