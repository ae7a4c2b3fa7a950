import { expect, test } from "vitest";
import { type Report, retried, tally } from "../tally.ts";

const file = (status: string, ...tests: string[]) => ({
  name: "/tether/packages/a/test/a.test.ts",
  status,
  assertionResults: tests.map((one) => ({ status: one, fullName: one, failureMessages: one === "failed" ? ["Error: no"] : [] })),
});

test("tests are counted over all files", () => {
  const testResults = [file("passed", "passed", "passed"), file("failed", "failed", "passed", "failed")];
  expect(tally({ success: false, testResults })).toEqual({ passed: 3, failed: 2 });
});

test("a file that could not be loaded counts as one failure", () => {
  expect(tally({ success: false, testResults: [file("failed"), file("passed", "passed")] })).toEqual({ passed: 1, failed: 1 });
});

test("a run that failed outside of every test has a failure", () => {
  expect(tally({ success: false, testResults: [file("passed", "passed")] })).toEqual({ passed: 1, failed: 1 });
  expect(tally(undefined)).toEqual({ passed: 0, failed: 1 });
});

test("skipped tests are neither", () => {
  expect(tally({ success: true, testResults: [file("passed", "passed", "skipped")] })).toEqual({ passed: 1, failed: 0 });
});

test("a test that passed when it was tried again is named with its file and what failed, and counts as passed", () => {
  const flaky = { status: "passed", fullName: "the tab drives", failureMessages: ["Error: no picture\n    at a.test.ts:3"] };
  const report: Report = { success: true, testResults: [{ ...file("passed", "passed"), assertionResults: [flaky] }] };
  expect(retried(report, "/tether")).toEqual(["packages/a/test/a.test.ts: the tab drives: Error: no picture"]);
  expect(tally(report)).toEqual({ passed: 1, failed: 0 });
});

test("a test that failed to the end, and one that passed at once, are not named as retried", () => {
  expect(retried({ success: false, testResults: [file("failed", "failed", "passed")] }, "/tether")).toEqual([]);
  expect(retried(undefined, "/tether")).toEqual([]);
});
