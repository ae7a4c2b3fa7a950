import { expect, test } from "vitest";
import { name } from "../name.ts";

test("names of concepts in kebab-case are good", () => {
  expect(
    name([
      "packages/core/src/ticket/key-ring.ts",
      "packages/protocol/golden/to-broker/auth.renew.good.json",
      "docs/decision/0001-one-table.md",
      "packages/protocol/SPEC.md",
      "README.md",
      ".ci/run",
      ".gitignore",
      "packages/sdk/src/library.ts",
      "packages/python/src/tether_robot/__init__.py",
    ]),
  ).toEqual([]);
});

test.each([
  ["packages/core/src/utils/a.ts", "packages/core/src/utils:"],
  ["packages/core/src/types.ts", "packages/core/src/types.ts:"],
  ["packages/core/test/helpers.test.ts", "packages/core/test/helpers.test.ts:"],
  ["lib/a.ts", "lib:"],
  ["packages/core/src/keyRing.ts", "packages/core/src/keyRing.ts is not"],
  ["packages/core/src/key_ring.ts", "packages/core/src/key_ring.ts is not"],
  ["packages/Core/src/ring.ts", "packages/Core is not"],
  ["packages/python/src/robotKey.py", "packages/python/src/robotKey.py is not"],
  ["packages/console/src/App.tsx", "packages/console/src/App.tsx is not"],
])("%s is refused", (path, finding) => {
  expect(name([path])).toEqual([expect.stringContaining(finding)]);
});

test("a folder is named once, however many files it holds", () => {
  expect(name(["misc/a.ts", "misc/b.ts"])).toHaveLength(1);
});
