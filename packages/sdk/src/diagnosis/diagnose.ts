import { type Check, checks, type DiagnosisEnv, type Found } from "./checks.ts";
import { bad, type Outcome } from "./finding.ts";

const broke = bad({ says: "The check itself broke.", remedy: "Try again; if it stays, report it." });

/** Runs all checks, one after the other, and tells each as it begins and as it is done. Never rejects. */
export async function diagnose(
  env: DiagnosisEnv,
  told: { begun?: (check: Check) => void; done: (check: Check, outcome: Outcome) => void },
): Promise<void> {
  const { clock } = env.platform;
  const found: Found = {};
  for (const check of checks) {
    told.begun?.(check);
    const begun = clock.now();
    const finding = await check.run(env, found).catch(() => broke);
    told.done(check, { ...finding, tookMs: clock.now() - begun });
  }
  await found.leave?.();
}
