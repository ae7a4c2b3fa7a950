import { expect, test } from "vitest";
import { tally } from "../tally.ts";

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((one) => ({ status: one })) });

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
