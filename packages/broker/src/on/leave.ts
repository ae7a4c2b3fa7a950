import { leave } from "@tether/core/session";
import type { Leave } from "@tether/protocol/frame/leave";
import { refused } from "../outcome.ts";
import type { On } from "./handler.ts";

export const onLeave: On<Leave> = async (env, from, frame, line) => {
  const problem = await leave(env, from, frame);
  line.outcome = problem?.problem ?? "left";
  return problem ? refused(problem, frame.id) : {};
};
