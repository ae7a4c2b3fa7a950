import { reportStop } from "@tether/core/control";
import { report } from "@tether/core/session";
import type { Report } from "@tether/protocol/frame/leave";
import { refused } from "../outcome.ts";
import type { On } from "./handler.ts";

export const onReport: On<Report> = async (env, from, frame, line) => {
  const problem = frame.stop ? await reportStop(env, from, frame.stop) : await report(env, from, frame);
  line.outcome = problem?.problem ?? "reported";
  return problem ? refused(problem, frame.id) : {};
};
