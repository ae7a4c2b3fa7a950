import type { Evidence } from "@tether/protocol/timeline";
import { evidenceRows as rowsOf } from "@tether/sdk/timeline/evidence";
import { duration } from "../format/duration.ts";
import { instant } from "../format/instant.ts";

/** The facts that support an entry, with times as the console writes them. */
export function evidenceRows(evidence: Evidence | undefined): { name: string; value: string }[] {
  return rowsOf(evidence, { duration, instant });
}
