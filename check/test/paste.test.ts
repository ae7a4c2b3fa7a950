import { join } from "node:path";
import { expect, test } from "vitest";
import { listPaths, readFiles } from "../tree.ts";

const root = join(import.meta.dirname, "../..");

test("no line that somebody pastes asks a registry for a name that is not ours", () => {
  // A package of an older version says what that version said.
  const isOurs = (path: string) => path !== "check/test/paste.test.ts" && !/(^|\/)golden\//.test(path);
  const paths = listPaths(root).filter((path) => /\.(md|ts|tsx|js|mjs|sh|json)$/.test(path) && isOurs(path));
  const asking = /\b(npx|npm (exec|i|install|x)|yarn dlx|pnpm dlx|bunx)( -\S+)* (@tether\/|tether)[\w-]*/;
  const found = readFiles(root, paths).flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, n) => (asking.test(line) ? [`${path}:${n + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
  expect(asking.test("npx tether-robot enroll")).toBe(true);
});
