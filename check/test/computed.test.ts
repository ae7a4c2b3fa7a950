import { expect, test } from "vitest";
import { computedImports } from "../computed.ts";

const found = (path: string, text: string) => computedImports([{ path, text }]);

test.each([
  ["a template with a hole", ["await import(`./$", "{name}.ts`);"].join("")],
  ["a variable", "await import(name);"],
  ["require of a variable", "require(name);"],
])("a source may not import %s", (_, text) => {
  expect(found("packages/core/src/a.ts", text)).toEqual([expect.stringContaining("packages/core/src/a.ts:1")]);
});

test("what is named may be imported, and tests may compute", () => {
  expect(found("packages/core/src/a.ts", 'await import("./b.ts");')).toEqual([]);
  expect(found("packages/core/test/a.test.ts", "await import(name);")).toEqual([]);
});
