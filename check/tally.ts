import { existsSync, readFileSync } from "node:fs";

type Result = { status: string; assertionResults: readonly { status: string }[] };
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

/** Reads what `vitest --reporter=json` wrote to the files named, and prints one line for all; exits 1 if any failed. */
if (import.meta.main) {
  const tallies = process.argv.slice(2).map((path) => {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    return tally(text === "" ? undefined : (JSON.parse(text) as Report));
  });
  const total = (of: "passed" | "failed") => tallies.reduce((sum, one) => sum + one[of], 0);
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
  if (tallies.length === 0 || total("failed") > 0) process.exitCode = 1;
}
