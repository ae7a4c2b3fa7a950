import { expect, test } from "vitest";
import { judgeExample } from "./judge-example.ts";

test("the robot in C on webrtcbin, driven through the guard in C, conforms as far as the level drives, and hears a stop on the channel that is left [R7.1]", async () => {
  const { drives, safe } = await judgeExample("example-c", ["R7.1"]);
  expect(drives).not.toContain("FAILED");
  expect(drives).toMatch(/^tether conform: (\d+) of \1 hold · level drives$/m);
  expect(safe).not.toContain("FAILED");
  expect(safe).toMatch(/^ok +R7\.1 /m);
});
