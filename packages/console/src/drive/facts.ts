import type { Actor } from "@tether/protocol/actor";
import type { Control, ControlPolicy, StopReason } from "@tether/protocol/control";
import type { ControlBecause } from "@tether/protocol/frame/control";
import type { SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Peer } from "@tether/protocol/peer";
import type { Block, DriveEvents, Reason, SessionEvents, Status, StopInForce, Ways } from "@tether/sdk/client";
import { reason } from "@tether/sdk/reason";
import { type Attempt, lapsed, ordered, stood, undelivered } from "./stop.ts";

type Parting = { readonly says: string; readonly remedy: string } | undefined;

/** The robot's own connection to the service, as this end was told. */
type RobotEnd =
  | { readonly state: "unknown" | "absent" | "online" }
  | { readonly state: "away"; readonly backBy: number | undefined; readonly why: Parting }
  | { readonly state: "ended"; readonly why: Parting };

/** News for the person who drives or wants to, shown once. */
export type News =
  | {
      readonly type: "gained" | "lost";
      /** The cause is unknown where control was lost while this end was away. */
      readonly because: ControlBecause | undefined;
      readonly actor: Actor | undefined;
      readonly reason?: string | undefined;
    }
  | { readonly type: "denied"; readonly actor: Actor; readonly reason?: string | undefined }
  | { readonly type: "problem"; readonly code: string; readonly says: string; readonly remedy: string };

export type Request = DriveEvents["requested"];

/** The facts that the drive page knows of its session, its robot and control. Instants in ms, by the server's clock. */
export type Facts = {
  readonly own: SessionId | undefined;
  readonly status: Status;
  readonly why: Reason | undefined;
  /** The instant at which this end's connection went away. */
  readonly offlineSince: number | undefined;
  readonly robot: RobotEnd;
  /** The robot said that it has no driver, and has made no peer connection since. */
  readonly isUndrivable: boolean;
  /** The state of the peer connection with the robot. */
  readonly path: RTCPeerConnectionState | "none";
  /** The state of the drive link, and since when. */
  readonly link: { readonly state: DriveEvents["link"]["state"]; readonly since: number };
  readonly control: Control | undefined;
  readonly policy: ControlPolicy | undefined;
  readonly mine: boolean;
  readonly block: Block | undefined;
  readonly asking: boolean;
  /** The instant until which the holder has to answer. */
  readonly answerBy: number | undefined;
  readonly requests: readonly Request[];
  readonly news: News | undefined;
  /** The last time the robot was stopped. */
  readonly stopped: { readonly reason: StopReason; readonly latencyMs: number; readonly at: number } | undefined;
  readonly stop: Attempt | undefined;
  /** The stop by order that nobody resumed from yet, and since when this end knows of it. */
  readonly inForce: (StopInForce & { readonly since: number }) | undefined;
  /** The last press of STOP, by anyone. */
  readonly pressed: DriveEvents["pressed"] | undefined;
};

export const nothing: Facts = {
  own: undefined,
  status: "idle",
  why: undefined,
  offlineSince: undefined,
  robot: { state: "unknown" },
  isUndrivable: false,
  path: "none",
  link: { state: "apart", since: 0 },
  control: undefined,
  policy: undefined,
  mine: false,
  block: "unconnected",
  asking: false,
  answerBy: undefined,
  requests: [],
  news: undefined,
  stopped: undefined,
  stop: undefined,
  inForce: undefined,
  pressed: undefined,
};

/** Whether the robot is heard now, so that the page shows its present state. */
export function isHeard({ path, link }: Facts): boolean {
  return path === "connected" && link.state === "live";
}

/** Whether a robot that was there is lost: it does not answer, its connection broke or it is gone. */
export function isLost({ robot, link }: Facts): boolean {
  return robot.state === "away" || robot.state === "ended" || link.state === "silent";
}

type Emitted<Events> = { [Name in keyof Events]: { readonly type: Name; readonly event: Events[Name] } }[keyof Events];

export type Happening =
  | { readonly type: "control"; readonly event: DriveEvents["control"]; readonly policy: ControlPolicy | undefined }
  | Emitted<Pick<DriveEvents, "drive" | "link" | "order" | "pressed" | "requested" | "asked" | "denied" | "problem" | "stopped">>
  | Emitted<Pick<SessionEvents, "peer.away" | "peer.ended">>
  | {
      readonly type: "session";
      readonly own: SessionId | undefined;
      readonly status: Status;
      readonly why: Reason | undefined;
      readonly peers: readonly Peer[];
    }
  | { readonly type: "undrivable" }
  | { readonly type: "path"; readonly path: Facts["path"] }
  | { readonly type: "asking"; readonly asking: boolean }
  | { readonly type: "answered"; readonly request: Request["from"] }
  | { readonly type: "read" }
  | { readonly type: "stop"; readonly ways: Ways }
  | { readonly type: "due" };

/** The facts after an event at an instant. */
export function next(facts: Facts, happening: Happening, at: number): Facts {
  switch (happening.type) {
    case "session":
      return inSession(facts, happening, at);
    case "peer.away": {
      const { backBy, cause } = happening.event;
      return { ...facts, robot: { state: "away", backBy, why: cause === undefined ? undefined : reason(cause) } };
    }
    case "peer.ended": {
      const { cause } = happening.event;
      return { ...facts, isUndrivable: false, robot: { state: "ended", why: cause === undefined ? undefined : reason(cause) } };
    }
    case "path":
      return { ...facts, path: happening.path, isUndrivable: facts.isUndrivable && happening.path !== "connected" };
    case "undrivable":
      return { ...facts, isUndrivable: facts.path !== "connected" };
    case "control":
      return controlled({ ...facts, policy: happening.policy }, happening.event);
    case "drive":
      return { ...facts, block: happening.event.why };
    case "link": {
      const { state } = happening.event;
      return { ...facts, link: { state, since: state === "silent" ? at - limits.control.silentMs : at } };
    }
    case "order": {
      const { stop } = happening.event;
      return { ...facts, inForce: stop && { ...stop, since: facts.inForce?.number === stop.number ? facts.inForce.since : at } };
    }
    case "pressed":
      return { ...facts, pressed: happening.event };
    case "asking":
      return { ...facts, asking: happening.asking, ...(happening.asking ? { news: undefined } : { answerBy: undefined }) };
    case "asked":
      return { ...facts, answerBy: happening.event.answerBy };
    case "requested": {
      const others = facts.requests.filter(({ from, answerBy }) => from !== happening.event.from && answerBy > at);
      return { ...facts, requests: [...others, happening.event] };
    }
    case "answered":
      return { ...facts, requests: facts.requests.filter(({ from }) => from !== happening.request) };
    case "denied":
      return { ...facts, news: { type: "denied", ...happening.event } };
    case "problem":
      return refused(facts, happening.event);
    case "read":
      return { ...facts, news: undefined };
    case "stopped": {
      const { reason, latencyMs } = happening.event;
      const stop = reason === "stop" ? stood(facts.stop, latencyMs) : facts.stop;
      return { ...facts, stopped: { reason, latencyMs, at }, stop };
    }
    case "stop": {
      const stop = ordered(happening.ways, at, facts.stop);
      // A session that is over gets no way to the robot any more.
      return { ...facts, stop: stop.state === "waiting" && facts.status === "stopped" ? { state: "failed" } : stop };
    }
    case "due": {
      const requests = facts.requests.filter(({ answerBy }) => answerBy > at);
      const stop = facts.stop && lapsed(facts.stop, at);
      return requests.length === facts.requests.length && stop === facts.stop ? facts : { ...facts, requests, stop };
    }
  }
}

type In<Type extends Happening["type"]> = Extract<Happening, { type: Type }>;

/** A session that is over knows this of the robot: no event tells of it any more. */
const unattached = {
  control: undefined,
  mine: false,
  asking: false,
  answerBy: undefined,
  requests: [],
  inForce: undefined,
} satisfies Partial<Facts>;

function inSession(facts: Facts, { own, status, why, peers }: In<"session">, at: number): Facts {
  const isLive = status === "online";
  const wasLive = facts.status === "online";
  const offlineSince = isLive || status === "stopped" ? undefined : wasLive ? at : facts.offlineSince;
  const robot = robotIn(facts.robot, peers, isLive);
  return { ...facts, own: own ?? facts.own, status, why, offlineSince, robot, ...(status === "stopped" && unattached) };
}

/** The robot's state by the list of peers, for a robot that was there already or is not there at all: no event tells of it. */
function robotIn(before: RobotEnd, peers: readonly Peer[], isLive: boolean): RobotEnd {
  const peer = peers.find(({ kind }) => kind === "robot");
  if (peer?.state === "online") return { state: "online" };
  if (peer) return before.state === "away" ? before : { state: "away", backBy: peer.backBy, why: undefined };
  if (before.state === "unknown" && isLive) return { state: "absent" };
  return before;
}

function controlled(facts: Facts, { control, mine, because, actor, reason }: DriveEvents["control"]): Facts {
  const known = { ...facts, control, mine };
  const turned = mine === facts.mine ? known : { ...known, requests: [], asking: mine ? false : facts.asking };
  if (mine === facts.mine || (mine && because === undefined)) return turned;
  const news: News = { type: mine ? "gained" : "lost", because, actor, reason };
  return { ...turned, news };
}

/** A session that released control already knows that it does not hold it; an undelivered stop is told with the stop. */
function refused(facts: Facts, { code, says, remedy }: DriveEvents["problem"]): Facts {
  if (code === "stop.undelivered") return { ...facts, stop: undelivered(facts.stop) };
  if (code === "control.unheld" && !facts.mine) return facts;
  return { ...facts, news: { type: "problem", code, says, remedy } };
}
