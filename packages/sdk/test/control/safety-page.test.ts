import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");

test("docs/safety.md names tests that exist", () => {
  const page = readFileSync(join(root, "docs/safety.md"), "utf8");
  const named = [...new Set([...page.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(([, name = ""]) => name))];
  const tests = globSync("packages/*/test/**/*.test.ts", { cwd: root });
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !tests.some((path) => `/${path}`.endsWith(`/${name}`)))).toEqual([]);
});
