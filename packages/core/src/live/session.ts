import type { Actor } from "@tether/protocol/actor";
import type { InstanceId, RobotId, SessionId } from "@tether/protocol/id";
import type { TrackKind } from "@tether/protocol/peer";
import type { Connection, Pending } from "../store/connection.ts";
import type { Ending } from "../store/ending.ts";
import type { Principal } from "../store/principal.ts";

type Base = {
  readonly robotId: RobotId;
  readonly sessionId: SessionId;
  readonly kind: "robot" | "client";
  /** Grows with every write; the condition of every transition. */
  readonly version: number;
  /** The connection that holds, or last held, the session. */
  readonly epoch: number;
  /** The newest epoch a ticket was redeemed for. */
  readonly ticketEpoch: number;
  readonly renewals: number;
  readonly principal: Principal;
  readonly authExpiresAt: number;
  readonly graceMs: number;
  readonly startedAt: number;
  /** Since when it is in its state. */
  readonly since: number;
  /** How many of the warnings before its lease ends were sent. */
  readonly warned: number;
  /** When the gateway last said, or the end itself showed, that its connection lives. */
  readonly verifiedAt: number;
  /** When other instances took it over lately, newest last. */
  readonly takeovers?: readonly number[] | undefined;
  /** Instances that another one took over from, the newest last: they are to stay away while it is online. */
  readonly superseded?: readonly InstanceId[] | undefined;
  /** The end said that it sends keepalives, so that silence is not its own. */
  readonly keepsAlive?: true | undefined;
  /** The kinds of the tracks that a robot sends, in their order. */
  readonly tracks?: readonly TrackKind[] | undefined;
  /** When the sweeper must look at it. */
  readonly dueAt: number;
  readonly pending?: Pending | undefined;
};

type Live = {
  readonly connection: Connection;
  readonly instance: InstanceId;
  /** The session asked to monitor, and was allowed to. */
  readonly monitors?: true | undefined;
  /** The connection before: its frames still count until then. */
  readonly previous?: { readonly epoch: number; readonly until: number } | undefined;
};

type Opening = Base & { readonly state: "opening" };
export type Online = Base & Live & { readonly state: "online" };
export type Away = Base & { readonly state: "away"; readonly instance: InstanceId; readonly backBy: number; readonly ending: Ending };
export type Expired = Base & Live & { readonly state: "expired"; readonly closesAt: number };
export type Ended = Base & { readonly state: "ended"; readonly ending: Ending };

/** A robot's or a client's session, which survives its connections. */
export type Session = Opening | Online | Away | Expired | Ended;

/** The connection frames come from, as its ticket said. */
export type Identity = {
  readonly kind: "robot" | "client";
  readonly robotId: RobotId;
  readonly sessionId: SessionId;
  readonly epoch: number;
  readonly principal: Principal;
  readonly connection: Connection;
};

export function actorOf({ principal, robotId }: { principal: Principal; robotId: RobotId }): Actor {
  if (principal.type === "robot") return { type: "robot", id: robotId };
  const { id, name } = principal;
  return { type: "user", id, ...(name !== undefined && { name }) };
}

/** The connection that frames for a session go to. */
export function connectionOf(session: Session): Connection | undefined {
  return session.state === "online" || session.state === "expired" ? session.connection : undefined;
}
