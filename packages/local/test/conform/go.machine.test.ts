import { expect, test } from "vitest";
import { judgeExample } from "./judge-example.ts";

test("the robot in Go renews once warned, goes on with its next key, conforms as far as the level drives, and hears a stop on the channel that is left [L3.1] [K2.1] [R1.2, R1.4, R7.1]", async () => {
  const { drives, safe } = await judgeExample("example-go", ["R1.2", "R1.4", "R7.1"]);
  expect(drives).not.toContain("FAILED");
  expect(drives).toMatch(/^tether conform: (\d+) of \1 hold · level drives$/m);
  expect(safe).not.toContain("FAILED");
  for (const clause of ["R1.2", "R1.4", "R7.1"]) expect(safe).toMatch(new RegExp(`^ok +${clause} `, "m"));
});
