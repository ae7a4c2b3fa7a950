import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

type Assertion = { status: string; fullName: string; failureMessages: readonly string[] };
type Result = { name: string; status: string; assertionResults: readonly Assertion[] };
export type Report = { success: boolean; testResults: readonly Result[] };

/** How many tests passed and failed. A file that failed outside of its tests, as when it could not be loaded, counts as one. */
export function tally(report: Report | undefined): { passed: number; failed: number } {
  if (report === undefined) return { passed: 0, failed: 1 };
  const count = ({ assertionResults }: Result, status: string) => assertionResults.filter((one) => one.status === status).length;
  const sum = (of: (result: Result) => number) => report.testResults.reduce((total, result) => total + of(result), 0);
  const passed = sum((result) => count(result, "passed"));
  const failed = sum((result) => Math.max(count(result, "failed"), result.status === "failed" ? 1 : 0));
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

/** Reads what `vitest --reporter=json` wrote to the files named; names the tests that needed a retry, and prints one line for all; exits 1 if any failed. */
if (import.meta.main) {
  const reports = process.argv.slice(2).map((path) => {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    return text === "" ? undefined : (JSON.parse(text) as Report);
  });
  for (const line of reports.flatMap((report) => retried(report, join(import.meta.dirname, ".."))))
    process.stdout.write(`retried: ${line}\n`);
  const tallies = reports.map(tally);
  const total = (of: "passed" | "failed") => tallies.reduce((sum, one) => sum + one[of], 0);
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
  if (tallies.length === 0 || total("failed") > 0) process.exitCode = 1;
}
