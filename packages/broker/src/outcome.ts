import type { FromBroker } from "@tether/protocol/frame";
import type { Verdict } from "@tether/protocol/frame/monitor";
import { type ProblemFrame, problemFrame } from "@tether/protocol/frame/problem";
import type { Problem } from "@tether/protocol/problem";

/** The outcome of one frame: the answer to its sender and the report to monitors, each if there is one. */
export type Outcome = { readonly answer?: FromBroker | undefined; readonly verdict?: Verdict | undefined };

/** The frame was refused; its connection stays. */
export function refused(why: Problem, id: string | undefined): Outcome {
  const answer = problemFrame(why, id);
  return { answer, verdict: refusal(answer) };
}

export function refusal({ code, says, remedy, fields }: ProblemFrame): Verdict {
  return { outcome: "refused", code, says, remedy, ...(fields && { fields }) };
}
