import type { ToBroker } from "@tether/protocol/frame";
import { onAuthRenew } from "./auth-renew.ts";
import { onControlDeny, onControlGive, onControlRelease, onControlRenew, onControlRequest, onControlTake, onStop } from "./control.ts";
import type { On } from "./handler.ts";
import { onHello } from "./hello.ts";
import { onLeave } from "./leave.ts";
import { onPing } from "./ping.ts";
import { onReport } from "./report.ts";
import { onSignal } from "./signal.ts";

export const on: { readonly [Type in ToBroker["type"]]: On<Extract<ToBroker, { type: Type }>> } = {
  hello: onHello,
  signal: onSignal,
  ack: onSignal,
  "auth.renew": onAuthRenew,
  "control.request": onControlRequest,
  "control.give": onControlGive,
  "control.deny": onControlDeny,
  "control.take": onControlTake,
  "control.renew": onControlRenew,
  "control.release": onControlRelease,
  stop: onStop,
  leave: onLeave,
  report: onReport,
  ping: onPing,
};
