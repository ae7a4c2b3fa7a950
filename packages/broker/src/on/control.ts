import * as Control from "@tether/core/control";
import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import { isProblem, type Problem } from "@tether/protocol/problem";
import { refused } from "../outcome.ts";
import type { On } from "./handler.ts";

type Frame = Exclude<Extract<ToBroker, { type: `control.${string}` | "stop" }>, undefined>;

/** A verb of control as the handler of its frame. The verb's answer is posted to the sender; the verb has told all others. */
function onControl<F extends Frame>(verb: (...args: [...Parameters<On<F>>]) => Promise<FromBroker | Problem | undefined>): On<F> {
  return async (env, from, frame, line) => {
    const answer = await verb(env, from, frame, line);
    line.outcome = isProblem(answer) ? answer.problem : (answer?.type ?? "done");
    return isProblem(answer) ? refused(answer, frame.id) : { answer, verdict: { outcome: frame.type === "stop" ? "posted" : "done" } };
  };
}

export const onControlRequest = onControl<Extract<Frame, { type: "control.request" }>>(Control.request);
export const onControlGive = onControl<Extract<Frame, { type: "control.give" }>>(Control.give);
export const onControlDeny = onControl<Extract<Frame, { type: "control.deny" }>>(Control.deny);
export const onControlTake = onControl<Extract<Frame, { type: "control.take" }>>(Control.take);
export const onControlRenew = onControl<Extract<Frame, { type: "control.renew" }>>(Control.renew);
export const onControlRelease = onControl<Extract<Frame, { type: "control.release" }>>(Control.release);
export const onStop = onControl<Extract<Frame, { type: "stop" }>>(Control.stop);
