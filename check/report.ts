type Findings = readonly string[];
export type Check = readonly [name: string, findings: () => Findings | Promise<Findings>];

/** Many checks are a program that keeps one core busy. */
const atOnce = 2;

/** Runs every check, some at once, and prints in their order one line each and beneath it what it found. Answers the exit code. */
export async function report(print: (line: string) => void, checks: readonly Check[]): Promise<0 | 1> {
  const running: Promise<Findings>[] = [];
  let failed = 0;
  for (const [index, [name]] of checks.entries()) {
    while (running.length < Math.min(index + atOnce, checks.length)) running.push(begin(checks[running.length]));
    const found = (await running[index]) ?? [];
    print(found.length === 0 ? `ok      ${name}` : `FAILED  ${name}`);
    for (const line of found) print(`        ${line}`);
    if (found.length > 0) failed++;
  }
  print(failed === 0 ? `All ${checks.length} checks hold.` : `${failed} of ${checks.length} checks failed.`);
  return failed === 0 ? 0 : 1;
}

async function begin(check: Check | undefined): Promise<Findings> {
  return check?.[1]() ?? [];
}
