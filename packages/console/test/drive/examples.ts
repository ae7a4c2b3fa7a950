import { type Control, defaultPolicy } from "@tether/protocol/control";
import { ClientSessionId, RobotSessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { Status } from "@tether/sdk/client";
import { type Facts, type Happening, next, nothing } from "../../src/drive/facts.ts";

export const at = Date.UTC(2026, 5, 1, 12);
const id = (n: number) => ClientSessionId.parse(`cse_01JZ000000000000000000000${n}`);
export const [own, olive, vera] = [id(0), id(1), id(2)];
const robot = RobotSessionId.parse("rse_01JZ0000000000000000000000");
export const peer = { session: robot, kind: "robot", state: "online", epoch: 1 } as const;
export const user = { id: "u1", name: "Olive" };
export const byOlive = { type: "user", ...user } as const;

let version = 0;

/** Control held by a session, or by nobody. */
export function held(session?: ClientSessionId, more: object = {}): Control {
  version += 1;
  const holder = session && { session, user: session === own ? { id: "u0", name: "Oscar" } : user, expiresAt: at + 300_000, ...more };
  return { version, epoch: version, ...(holder && { holder }) };
}

export function control(session?: ClientSessionId, news: object = {}, more: object = {}): Happening {
  return { type: "control", event: { control: held(session, more), mine: session === own, ...news }, policy: defaultPolicy };
}

export function session(status: Status, peers: readonly Peer[] = [peer]): Happening {
  return { type: "session", own, status, why: undefined, peers };
}

export const online = session("online");
export const connected: Happening = { type: "path", path: "connected" };
export const heard: Happening = { type: "link", event: { state: "live" } };
export const silent: Happening = { type: "link", event: { state: "silent" } };

/** The facts after these happenings, at one instant. */
export function after(...happenings: Happening[]): Facts {
  return happenings.reduce((facts, happening) => next(facts, happening, at), nothing);
}

/** Online, with the robot there and a path to it. */
export const there = [online, connected, heard] as const;
/** The same, with control and a robot that obeys. */
export const driving = [...there, control(own), { type: "drive", event: { canDrive: true, why: undefined } }] as const;
