import type { FromBroker } from "@tether/protocol/frame";
import type { Verdict } from "@tether/protocol/frame/monitor";
import { type ProblemFrame, problemFrame } from "@tether/protocol/frame/problem";
import type { Problem } from "@tether/protocol/problem";

/** What became of one frame: what its sender must be told, and what those who monitor the robot are, each if anything. */
export type Outcome = { readonly answer?: FromBroker | undefined; readonly verdict?: Verdict | undefined };

/** The frame was refused; its connection stays. */
export function refused(why: Problem, id: string | undefined): Outcome {
  const answer = problemFrame(why, id);
  return { answer, verdict: refusal(answer) };
}

export function refusal({ code, says, remedy, fields }: ProblemFrame): Verdict {
  return { outcome: "refused", code, says, remedy, ...(fields && { fields }) };
}
