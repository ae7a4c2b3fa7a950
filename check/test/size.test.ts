import { expect, test } from "vitest";
import { size } from "../size.ts";

const lines = (count: number) => "x\n".repeat(count);

test("a source may have 250 lines and no more", () => {
  expect(size([{ path: "packages/core/src/a.ts", text: lines(250) }])).toEqual([]);
  expect(size([{ path: "packages/core/src/a.ts", text: lines(251) }])).toEqual(["packages/core/src/a.ts has 251 lines; the most is 250."]);
});

test("the last line counts without a line break too", () => {
  expect(size([{ path: "infra/a.tsx", text: `${lines(250)}x` }])).toHaveLength(1);
});

test.each(["packages/core/test/a.test.ts", "packages/console/test/flow/a.machine.test.ts", "packages/python/src/tether_robot/a.py"])(
  "a test, and a program in Python, may have no more either: %s",
  (path) => {
    expect(size([{ path, text: lines(251) }])).toHaveLength(1);
  },
);

test("data and documents may be longer", () => {
  expect(size([{ path: "packages/core/src/a.json", text: lines(400) }])).toEqual([]);
  expect(size([{ path: "docs/a.md", text: lines(400) }])).toEqual([]);
});
