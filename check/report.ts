export type Check = readonly [name: string, findings: () => readonly string[]];

/** Runs every check, prints one line each and beneath it what it found. Answers the exit code. */
export function report(print: (line: string) => void, checks: readonly Check[]): 0 | 1 {
  let failed = 0;
  for (const [name, findings] of checks) {
    const found = findings();
    print(found.length === 0 ? `ok      ${name}` : `FAILED  ${name}`);
    for (const line of found) print(`        ${line}`);
    if (found.length > 0) failed++;
  }
  print(failed === 0 ? `All ${checks.length} checks hold.` : `${failed} of ${checks.length} checks failed.`);
  return failed === 0 ? 0 : 1;
}
