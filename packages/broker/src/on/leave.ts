import { leave } from "@tether/core/session";
import type { Leave } from "@tether/protocol/frame/leave";
import { problemFrame } from "@tether/protocol/frame/problem";
import type { On } from "./index.ts";

export const onLeave: On<Leave> = async (env, from, frame, line) => {
  const refused = await leave(env, from, frame);
  line.outcome = refused?.problem ?? "left";
  return refused && problemFrame(refused, frame.id);
};
