import type * as z from "zod/mini";
import { AuthChallenge, AuthExpired, AuthExpiring, AuthRenew, AuthRenewed } from "./auth.ts";
import { Bye } from "./bye.ts";
import {
  ControlAsked,
  ControlChanged,
  ControlDenied,
  ControlDeny,
  ControlGive,
  ControlGranted,
  ControlRelease,
  ControlRenew,
  ControlRequest,
  ControlRequested,
  ControlTake,
  RobotStopped,
  Stop,
  StopOrdered,
} from "./control.ts";
import { Hello } from "./hello.ts";
import { Leave, Ping, Report } from "./leave.ts";
import { FrameSeen, MonitorEnded } from "./monitor.ts";
import { PeerAway, PeerEnded, PeerOnline } from "./peer.ts";
import { ProblemFrame } from "./problem.ts";
import { Ack, AckRelayed, Signal, SignalRelayed, Undelivered } from "./signal.ts";
import { Welcome } from "./welcome.ts";

/** Frames an end sends, by type. */
export const toBroker = {
  hello: Hello,
  signal: Signal,
  ack: Ack,
  "auth.renew": AuthRenew,
  "control.request": ControlRequest,
  "control.give": ControlGive,
  "control.deny": ControlDeny,
  "control.take": ControlTake,
  "control.renew": ControlRenew,
  "control.release": ControlRelease,
  stop: Stop,
  leave: Leave,
  report: Report,
  ping: Ping,
} as const;

/** Frames the broker sends, by type. */
export const fromBroker = {
  welcome: Welcome,
  signal: SignalRelayed,
  ack: AckRelayed,
  undelivered: Undelivered,
  "peer.online": PeerOnline,
  "peer.away": PeerAway,
  "peer.ended": PeerEnded,
  "auth.expiring": AuthExpiring,
  "auth.renewed": AuthRenewed,
  "auth.expired": AuthExpired,
  "auth.challenge": AuthChallenge,
  "control.changed": ControlChanged,
  "control.granted": ControlGranted,
  "control.asked": ControlAsked,
  "control.requested": ControlRequested,
  "control.denied": ControlDenied,
  stop: StopOrdered,
  "robot.stopped": RobotStopped,
  "frame.seen": FrameSeen,
  "monitor.ended": MonitorEnded,
  bye: Bye,
  problem: ProblemFrame,
} as const;

type Of<Table extends Record<string, z.ZodMiniType>> = { [Type in keyof Table]: z.infer<Table[Type]> };
/** Any frame that an end sends to the broker. */
export type ToBroker = Of<typeof toBroker>[keyof typeof toBroker];
/** Any frame that the broker sends to an end. */
export type FromBroker = Of<typeof fromBroker>[keyof typeof fromBroker];
