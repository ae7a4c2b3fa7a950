import type { Line } from "@tether/aws/invocation";
import type { Identity } from "@tether/core/session";
import type { ToBroker } from "@tether/protocol/frame";
import type { Env } from "../env.ts";
import type { Outcome } from "../outcome.ts";
import { onAuthRenew } from "./auth-renew.ts";
import { onControlDeny, onControlGrant, onControlRelease, onControlRenew, onControlRequest, onControlTake, onStop } from "./control.ts";
import { onHello } from "./hello.ts";
import { onLeave } from "./leave.ts";
import { onPing } from "./ping.ts";
import { onSignal } from "./signal.ts";

/** Answers one frame. */
export type On<Frame extends ToBroker> = (env: Env, from: Identity, frame: Frame, line: Line) => Promise<Outcome>;

export const on: { readonly [Type in ToBroker["type"]]: On<Extract<ToBroker, { type: Type }>> } = {
  hello: onHello,
  signal: onSignal,
  ack: onSignal,
  "auth.renew": onAuthRenew,
  "control.request": onControlRequest,
  "control.grant": onControlGrant,
  "control.deny": onControlDeny,
  "control.take": onControlTake,
  "control.renew": onControlRenew,
  "control.release": onControlRelease,
  stop: onStop,
  leave: onLeave,
  ping: onPing,
};
