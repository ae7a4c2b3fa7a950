import { relay } from "@tether/core/session";
import type { Ack, Signal } from "@tether/protocol/frame/signal";
import { refusal } from "../outcome.ts";
import type { On } from "./handler.ts";

export const onSignal: On<Signal | Ack> = async (env, from, frame, line) => {
  const { outcome, answer } = await relay(env, from, frame);
  Object.assign(line, { outcome: outcome === "refused" ? answer.code : outcome, to: frame.to });
  if (frame.type === "signal") Object.assign(line, { signal: frame.data.kind, seq: frame.seq });
  if (outcome === "refused") return { answer, verdict: refusal(answer) };
  return { answer, verdict: outcome === "posted" ? { outcome } : { outcome: "undelivered", reason: outcome } };
};
