import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { commandLine } from "../packages/program/src/command-line.ts";
import type { Unhandled } from "./unhandled.ts";

type Assertion = { status: string; fullName: string; failureMessages: readonly string[] };
type Result = { name: string; status: string; message: string; assertionResults: readonly Assertion[] };
export type Report = { success: boolean; testResults: readonly Result[]; unhandled?: readonly Unhandled[] };

/**
 * The test files whose process ended before their tests did: none of these failed, and nothing else says why. A peer connection's native
 * library is part of that process, and may crash.
 */
export function crashed(report: Report | undefined): string[] {
  const results = report?.testResults ?? [];
  const has = ({ assertionResults }: Result, status: string) => assertionResults.some((one) => one.status === status);
  return results
    .filter((result) => result.status === "failed" && result.message === "" && has(result, "pending") && !has(result, "failed"))
    .map(({ name }) => name);
}

/** The errors outside of every test, but for the ends of the processes that crashed, whose files count by themselves. */
export function unhandled(report: Report | undefined): readonly Unhandled[] {
  const isCrashed = new Set(crashed(report));
  return report?.unhandled?.filter(({ exited, files }) => !(exited && files.some((file) => isCrashed.has(file)))) ?? [];
}

/** A report in which the files that crashed are as in the report of their second run. What it lacks stays as it was. */
export function mended(report: Report | undefined, second: Report): Report | undefined {
  const isCrashed = new Set(crashed(report));
  if (report === undefined || isCrashed.size === 0) return report;
  const again = new Map(second.testResults.map((result) => [result.name, result]));
  const testResults = report.testResults.map((result) => (isCrashed.has(result.name) ? (again.get(result.name) ?? result) : result));
  return {
    success: second.success && testResults.every(({ status }) => status !== "failed"),
    testResults,
    unhandled: [...unhandled(report), ...unhandled(second)],
  };
}

/** How many tests passed and failed. A file that failed outside of its tests, as when it could not be loaded, counts as one, as does an error outside of every test. */
export function tally(report: Report | undefined): { passed: number; failed: number } {
  if (report === undefined) return { passed: 0, failed: 1 };
  const count = ({ assertionResults }: Result, status: string) => assertionResults.filter((one) => one.status === status).length;
  const sum = (of: (result: Result) => number) => report.testResults.reduce((total, result) => total + of(result), 0);
  const passed = sum((result) => count(result, "passed"));
  const ofFiles = sum((result) => Math.max(count(result, "failed"), result.status === "failed" ? 1 : 0));
  const failed = ofFiles + unhandled(report).length;
  return { passed, failed: report.success ? failed : Math.max(failed, 1) };
}

/** The tests that failed at first and passed when they were tried again, each with what failed. Vitest keeps a first try's failures. */
export function retried(report: Report | undefined, root: string): string[] {
  const results = report?.testResults ?? [];
  return results.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
      .map(({ fullName, failureMessages: [first = ""] }) => `${relative(root, name)}: ${fullName}: ${first.split("\n")[0]}`),
  );
}

const root = join(import.meta.dirname, "..");

function read(path: string): Report | undefined {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  try {
    const found = JSON.parse(text) as Report | null;
    return found?.testResults ? found : undefined;
  } catch {
    // A disk that was full, or an end in the middle of it.
    return undefined;
  }
}

const usage = `Usage: node check/tally.ts FILE... [options]: counts the tests in reports of vitest --reporter=./check/reporter.ts

  --second FILE    the report of a second run of what crashed, as often as wanted
  --crashed FILE   names the test files whose process crashed, and no more`;

/** Names the tests that needed a retry and the files that needed a second run, and prints one line for all; exits 1 if any failed. */
if (import.meta.main) {
  const options = { crashed: { type: "string" }, second: { type: "string", multiple: true } } as const;
  const { args, values } = commandLine({ usage, options, most: Number.POSITIVE_INFINITY });
  const { crashed: asked, second = [] } = values;
  if (asked !== undefined) for (const path of crashed(read(asked))) process.stdout.write(`${relative(root, path)}\n`);
  else
    process.exitCode = tell(
      args.map(read),
      second.flatMap((path) => read(path) ?? []),
    );
}

function tell(reports: readonly (Report | undefined)[], second: readonly Report[]): number {
  for (const path of reports.flatMap(crashed)) process.stdout.write(`its process crashed: ${relative(root, path)}\n`);
  const ended = reports.map((report) => second.reduce(mended, report));
  for (const line of ended.flatMap((report) => retried(report, root))) process.stdout.write(`retried: ${line}\n`);
  for (const { files, says } of ended.flatMap(unhandled))
    process.stdout.write(`outside of every test: ${[...files.map((file) => relative(root, file)), says].join(": ")}\n`);
  const tallies = ended.map(tally);
  const total = (of: "passed" | "failed") => tallies.reduce((sum, one) => sum + one[of], 0);
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
  return total("passed") === 0 || total("failed") > 0 ? 1 : 0;
}
