import { expect, test } from "vitest";
import { crashed, mended, type Report, retried, tally, unhandled } from "../tally.ts";

const file = (status: string, ...tests: string[]) => ({
  name: "/tether/packages/a/test/a.test.ts",
  status,
  message: "",
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

const name = "/tether/packages/a/test/a.test.ts";
const other = { ...file("passed", "passed"), name: "/tether/b.test.ts" };

test("a file whose process ended is told apart from one that failed, that could not be loaded, and whose set-up failed", () => {
  const files = [
    file("failed", "passed", "pending"),
    { ...file("failed", "failed", "pending"), name: "failed" },
    { ...file("failed"), name: "unloaded" },
    { ...file("failed", "pending"), name: "set-up", message: "Error: no browser" },
    { ...file("passed", "pending"), name: "skipped" },
  ];
  expect(crashed({ success: false, testResults: files })).toEqual([name]);
});

test("what crashed counts as its second run says, and as a failure where that did not come to it", () => {
  const report = { success: false, testResults: [file("failed", "pending"), other] };
  const second = (status: string) => ({ success: status === "passed", testResults: [file(status, status, "passed")] });
  expect(tally(mended(report, second("passed")))).toEqual({ passed: 3, failed: 0 });
  expect(tally(mended(report, second("failed")))).toEqual({ passed: 2, failed: 1 });
  expect(tally(mended(report, { success: true, testResults: [] }))).toEqual({ passed: 1, failed: 1 });
  expect(tally(mended(report, { success: false, testResults: [file("failed", "pending")] }))).toEqual({ passed: 1, failed: 1 });
});

test("a second run changes nothing of a report in which nothing crashed", () => {
  const report = { success: false, testResults: [file("failed", "failed")] };
  expect(mended(report, { success: true, testResults: [file("passed", "passed")] })).toBe(report);
  expect(mended(undefined, { success: true, testResults: [] })).toBeUndefined();
});

const exited = (...files: string[]) => ({ says: "Worker exited unexpectedly", files, exited: true });
const thrown = { says: "TypeError: no", files: [other.name], exited: false };

test("an error outside of every test is a failure, also in a run in which a file crashed that passed in its second", () => {
  const passing = { success: true, testResults: [other], unhandled: [thrown] };
  expect(tally(passing)).toEqual({ passed: 1, failed: 1 });
  const report = { success: false, testResults: [file("failed", "pending"), other], unhandled: [exited(name), thrown] };
  const second: Report = { success: true, testResults: [file("passed", "passed")], unhandled: [] };
  const ended = mended(report, second);
  expect([tally(report), tally(ended)]).toEqual([
    { passed: 1, failed: 2 },
    { passed: 2, failed: 1 },
  ]);
  expect(unhandled(ended)).toEqual([thrown]);
  expect(tally(mended({ ...report, unhandled: [exited(name, other.name)] }, second))).toEqual({ passed: 2, failed: 0 });
});

test("an error outside of every test of the second run is a failure, and so is the end of a process whose tests had passed", () => {
  const report = { success: false, testResults: [file("failed", "pending"), other], unhandled: [exited(name)] };
  const second = { success: true, testResults: [file("passed", "passed")], unhandled: [{ ...thrown, files: [name] }] };
  expect(tally(mended(report, second))).toEqual({ passed: 2, failed: 1 });
  expect(tally({ success: true, testResults: [other], unhandled: [exited(other.name)] })).toEqual({ passed: 1, failed: 1 });
});
