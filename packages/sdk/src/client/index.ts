import { monitorFeature } from "@tether/protocol/frame/monitor";
import { ClientSessionId } from "@tether/protocol/id";
import { createDrive } from "../control/drive/drive.ts";
import type { Drive } from "../control/drive/interface.ts";
import type { Log } from "../log.ts";
import { createMonitor, type Monitor } from "../monitor/monitor.ts";
import { type Platform, platformWith } from "../platform.ts";
import { openSession } from "../session/open.ts";
import type { Session } from "../session/session.ts";
import { clientTickets, type TokenCallback } from "../ticket/client.ts";

/** A client's session, with control of the robot and the monitor of its frames. */
export type ClientSession = Session<ClientSessionId> & { readonly control: Drive; readonly monitor: Monitor };

/** The options of `attach`: where, which robot, and as whom. */
export type AttachOptions = {
  /** The API's address, e.g. `https://api.example.org`. */
  readonly api: string;
  /** The robot's id, `rob_` and a ULID. One that is none, or unknown, stops the session with the service's own reason. */
  readonly robot: string;
  /** Gives the user's OIDC token whenever a ticket is needed: at each connect, and about every 3 h of a connection. */
  readonly token: TokenCallback;
  /** Keeps the session's id (`cse_` and a ULID) over a reload of the page, e.g. in sessionStorage. Without it every attach begins a new session. */
  readonly resume?: {
    /** The id that was kept last, if one is. */
    load(): string | undefined;
    /** Keeps an id; forgets it where there is none any more. */
    save(id: string | undefined): void;
  };
  /** Asks to be told of the frames that are sent at the robot, which its owners may be (`monitor.isOn` says whether it was given). Default: false. */
  readonly monitor?: boolean;
  /** Replacements for the browser's or Node's own clock, randomness, fetch and WebSocket. Default: none. */
  readonly platform?: Partial<Platform>;
  /** Takes one line per step: ids, codes and numbers, nothing secret. Default: no log. */
  readonly log?: Log;
};

/**
 * Attaches a user's client to a robot, and reconnects until `leave`, `close`, or an answer of the service that is final. Returns at once and
 * never throws: every failure comes as `state` with its reason, the first no sooner than the next microtask.
 *
 * @example
 * const session = attach({ api: "https://api.example.org", robot: "rob_01J00000000000000000000000", token: async () => idToken });
 * session.on("state", ({ status, why }) => console.log(status, why?.says, why?.remedy));
 */
export function attach(options: AttachOptions): ClientSession {
  const world = platformWith(options.platform);
  const { api, robot, token, resume, monitor = false, log = () => {} } = options;
  const { session, broker } = openSession<ClientSessionId>({
    platform: world,
    log,
    tickets: clientTickets({ fetch: world.fetch, api, robot, token }),
    idOf,
    resume: idOf(resume?.load()),
    save: (id) => resume?.save(id),
    features: monitor ? [monitorFeature] : [],
  });
  const control = createDrive({ broker, clock: world.steady, random: world.random, log });
  return Object.assign(session, { control, monitor: createMonitor(broker) });
}

function idOf(id: string | undefined): ClientSessionId | undefined {
  const parsed = ClientSessionId.safeParse(id);
  return parsed.success ? parsed.data : undefined;
}

export type { Account } from "@tether/protocol/account";
export type { Actor } from "@tether/protocol/actor";
export type { Cause } from "@tether/protocol/cause";
export type { Control, ControlPolicy, PendingRequest } from "@tether/protocol/control";
export type { Axis, Button, Declaration, TelemetryField } from "@tether/protocol/declaration";
export type { ControlChanged, ControlRequested, RobotStopped } from "@tether/protocol/frame/control";
export type { FrameSeen } from "@tether/protocol/frame/monitor";
export type { PeerAway } from "@tether/protocol/frame/peer";
export type { ProblemFrame } from "@tether/protocol/frame/problem";
export type { SignalData, Undelivered } from "@tether/protocol/frame/signal";
export type { Welcome } from "@tether/protocol/frame/welcome";
export type { IceServer } from "@tether/protocol/ice-server";
export type { ClientSessionId, InstanceId, RobotSessionId, SessionId } from "@tether/protocol/id";
export type { OpenCode } from "@tether/protocol/open-code";
export type { Peer } from "@tether/protocol/peer";
export type { Problem, ProblemCode } from "@tether/protocol/problem";
export type { Evidence } from "@tether/protocol/timeline";
export type { Clock } from "../clock.ts";
export type { Channels, Joins } from "../control/channel.ts";
export { type Block, blocks } from "../control/drive/block.ts";
export type { Ways } from "../control/drive/drive-link.ts";
export type { DriveEvents } from "../control/drive/events.ts";
export type { Drive } from "../control/drive/interface.ts";
export type { Looking, Seen } from "../control/drive/pictures.ts";
export type { StopInForce } from "../control/drive/stop-in-force.ts";
export type { Log, LogLine } from "../log.ts";
export type { Monitor, MonitorEvents } from "../monitor/monitor.ts";
export type { Platform } from "../platform.ts";
export type { Random } from "../random.ts";
export type { OwnCode, Reason, ReasonCode } from "../reason.ts";
export type { ChannelLike } from "../rtc/channel.ts";
export type { PeerConnectionLike } from "../rtc/peer-connection.ts";
export type { Emitter } from "../session/emitter.ts";
export type { Session, SessionEvents, Status } from "../session/session.ts";
export type { Away, DropReason } from "../signalling/interface.ts";
export type { SocketLike } from "../socket.ts";
export type { TokenCallback } from "../ticket/client.ts";
