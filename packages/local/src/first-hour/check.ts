/** Where a deployment is, and as whom to ask it. */
export type Deployment = {
  readonly api: string;
  readonly broker: string;
  readonly console: string;
  /** An admin's or owner's ID token; without it what needs one is left out. */
  readonly token?: string | undefined;
};

/** A check of the first hour: the words about it, and the expectation. Answers what is amiss, or nothing. */
export type Check = {
  readonly name: string;
  readonly needsToken?: true;
  run(at: Deployment): Promise<string | undefined>;
};

export type Result = { readonly name: string; readonly outcome: "as expected" | "left out" | { readonly amiss: string } };

/** Runs them one after the other: each may stand on the one before, and a failure of one is no reason to leave out the rest. */
export async function runChecks(checks: readonly Check[], at: Deployment, tell: (result: Result) => void): Promise<number> {
  let failed = 0;
  for (const { name, needsToken, run } of checks) {
    if (needsToken && at.token === undefined) {
      tell({ name, outcome: "left out" });
      continue;
    }
    const amiss = await run(at).catch((error: unknown) => `it could not be asked: ${error instanceof Error ? error.message : error}`);
    if (amiss !== undefined) failed++;
    tell({ name, outcome: amiss === undefined ? "as expected" : { amiss } });
  }
  return failed;
}

/** Says what differs from the expected, and nothing where all is as expected. */
export function differs(what: string, found: unknown, expected: unknown): string | undefined {
  const [is, should] = [found, expected].map((value) => JSON.stringify(value));
  return is === should ? undefined : `${what} is ${is}, not ${should}`;
}
