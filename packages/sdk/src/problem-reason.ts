import { type ProblemCode, problems } from "@tether/protocol/problem";
import type { Reason } from "./reason.ts";

/** The words of a problem that this end finds without asking. A module apart: it carries the whole table, which a client does without. */
export function problemReason(code: ProblemCode): Reason {
  const { says, remedy } = problems[code];
  return { code, says, remedy };
}
