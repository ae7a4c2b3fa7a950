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

test("tests and data may be longer", () => {
  expect(size([{ path: "packages/core/test/a.test.ts", text: lines(400) }])).toEqual([]);
  expect(size([{ path: "packages/core/src/a.json", text: lines(400) }])).toEqual([]);
});
