import { expect, test } from "vitest";
import { changedText } from "./mutant.ts";
import { mutants } from "./mutants.ts";

test("what each mutant changes stands once in its file, so that the list keeps up with the robot", () => {
  expect(mutants.filter((mutant) => changedText(mutant) === undefined).map(([name]) => name)).toEqual([]);
});
