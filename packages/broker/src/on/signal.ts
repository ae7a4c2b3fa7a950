import { relay } from "@tether/core/session";
import type { Ack, Signal } from "@tether/protocol/frame/signal";
import type { On } from "./index.ts";

export const onSignal: On<Signal | Ack> = async (env, from, frame, line) => {
  const { outcome, answer } = await relay(env, from, frame);
  Object.assign(line, { outcome: answer?.type === "problem" ? answer.code : outcome, to: frame.to });
  if (frame.type === "signal") Object.assign(line, { signal: frame.data.kind, seq: frame.seq });
  return answer;
};
