import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../tool.ts";
import { listPaths } from "../tree.ts";

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "tree-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test("paths are those of our own files", () => {
  const root = tree({ "b.ts": "", "a/c.ts": "", "node_modules/d.ts": "", "packages/x/dist/e.js": "", ".tether/f": "", ".ci/run": "" });
  expect(listPaths(root)).toEqual([".ci/run", "a/c.ts", "b.ts"]);
});

test("what a tool prints is the finding if it failed, and none if it did not", async () => {
  const root = tree({
    "node_modules/.bin/good": "process.stdout.write(process.argv[2]);",
    "node_modules/.bin/bad": "process.stdout.write('one\\n'); process.stderr.write('two\\n'); process.exitCode = 1;",
    "node_modules/.bin/mute": "process.exitCode = 3;",
  });
  expect(await run(root, "good", ["x"])).toEqual([]);
  expect(await run(root, "bad", [])).toEqual(["one", "two"]);
  expect(await run(root, "mute", [])).toEqual(["mute failed: exit code 3."]);
  expect(await run(root, "absent", [])).toEqual(["absent is not installed; run npm ci."]);
});
