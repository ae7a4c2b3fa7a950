import { writeFileSync } from "node:fs";
import type { Passed } from "./ladder.ts";
import type { Absence } from "./wire.ts";

/** The stages that a supervisor carried out, for the next start of the agent to tell. `endedAt` is by this machine's clock. */
export type ManoeuvreNote = {
  readonly reason: Absence;
  readonly endedAt: number;
  readonly stages: readonly { readonly stage: "slow" | "stop" | "safe"; readonly became: Passed["became"]; readonly tookMs: number }[];
};

/** Writes how the stages went. What came after them, as the end of the driver's input, is none. */
export function noteManoeuvre(path: string, { reason, passed, now }: { reason: Absence; passed: readonly Passed[]; now: number }): void {
  const stages = passed.flatMap(({ does, became, tookMs }) =>
    does === "slow" || does === "stop" || does === "safe" ? [{ stage: does, became, tookMs }] : [],
  );
  if (stages.length === 0) return;
  const afterMs = passed.slice(stages.length).reduce((sum, { tookMs }) => sum + tookMs, 0);
  const note: ManoeuvreNote = { reason, endedAt: now - afterMs, stages };
  try {
    writeFileSync(path, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  } catch {
    // The robot stands all the same; the timeline then lacks how.
  }
}
