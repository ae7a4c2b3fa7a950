import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { neededSymbols } from "./build.ts";

test("the guard asks nothing of libc but to copy and compare bytes: it allocates nothing, and has no clock, files or locale", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tether-guard-c-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const needed = await neededSymbols(folder);
  expect(needed).toContain("memmove");
  expect(needed.filter((name) => !/^(mem(chr|cmp|cpy|move|set)|str(chr|cmp|len|ncmp))$/.test(name))).toEqual([]);
});
