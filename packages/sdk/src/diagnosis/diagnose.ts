import type { Clock } from "../clock.ts";
import { type Check, checks, type DiagnosisEnv, type Found } from "./checks.ts";
import { bad, type Finding, type Outcome } from "./finding.ts";

const broke = bad({ code: "check.broke", says: "The check itself broke.", remedy: "Try again; if it stays, report it." });

type Step<Env, Results> = { readonly id: string; readonly title: string; run(env: Env, found: Results): Promise<Finding> };
type Progress<One> = { readonly begun?: (check: One) => void; readonly done: (check: One, outcome: Outcome) => void };

/** Runs all checks, one after the other, and tells each as it begins and as it is done. Never rejects. */
export async function diagnose(env: DiagnosisEnv, progress: Progress<Check>): Promise<void> {
  const found: Found = {};
  await runChecks(checks, { clock: env.platform.clock, env, found }, progress);
  await found.leave?.();
}

/** Runs a list of checks in its order. Each may put into `found` what later ones need. Never rejects. */
export async function runChecks<Env, Results>(
  list: readonly Step<Env, Results>[],
  { clock, env, found }: { readonly clock: Clock; readonly env: Env; readonly found: Results },
  progress: Progress<Step<Env, Results>>,
): Promise<void> {
  for (const check of list) {
    progress.begun?.(check);
    const begun = clock.now();
    const finding = await check.run(env, found).catch(() => broke);
    progress.done(check, { ...finding, tookMs: clock.now() - begun });
  }
}
