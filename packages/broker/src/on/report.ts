import { reportStop } from "@tether/core/control";
import { report, reportManoeuvre } from "@tether/core/session";
import type { Report } from "@tether/protocol/frame/leave";
import { refused } from "../outcome.ts";
import type { On } from "./handler.ts";

export const onReport: On<Report> = async (env, from, frame, line) => {
  const { stop, manoeuvre } = frame;
  const write = () => {
    if (stop) return reportStop(env, from, stop);
    return manoeuvre ? reportManoeuvre(env, from, manoeuvre) : report(env, from, frame);
  };
  const problem = await write();
  line.outcome = problem?.problem ?? "reported";
  return problem ? refused(problem, frame.id) : {};
};
