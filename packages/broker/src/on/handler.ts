import type { Line } from "@tether/aws/invocation";
import type { Identity } from "@tether/core/session";
import type { ToBroker } from "@tether/protocol/frame";
import type { Env } from "../env.ts";
import type { Outcome } from "../outcome.ts";

/** Answers one frame. */
export type On<Frame extends ToBroker> = (env: Env, from: Identity, frame: Frame, line: Line) => Promise<Outcome>;
