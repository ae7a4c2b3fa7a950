import wrtc from "@roamhq/wrtc";
import { channels, defaultPolicy, type StopReason } from "@tether/protocol/control";
import { RobotSessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Peer } from "@tether/protocol/peer";
import { afterEach, describe, expect, test } from "vitest";
import { createDrive } from "../../src/control/drive/drive.ts";
import type { Drive } from "../../src/control/drive/interface.ts";
import { createGuard } from "../../src/control/guard/guard.ts";
import { follow } from "../../src/peer/follow.ts";
import { platformWith } from "../../src/platform.ts";
import { createBroker } from "../../src/session/broker.ts";
import { createEmitter } from "../../src/session/emitter.ts";
import type { SessionEvents } from "../../src/session/session.ts";
import { welcome } from "../connection/example.ts";
import { ada, robot } from "./rig.ts";
import { createBrokerKey } from "./signing.ts";

const robotId = RobotSessionId.parse("rse_01J00000000000000000000000");
const { steady: clock, random } = platformWith();
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Resolves with what a listener is called with first, or with the first that holds. */
function once<Name extends "accepted" | "stopped" | "drive" | "telemetry">(
  drive: Drive,
  name: Name,
  holds: (event: unknown) => boolean = () => true,
) {
  return new Promise<unknown>((resolve) => {
    const off = drive.on(name, (event) => {
      if (!holds(event)) return;
      off();
      resolve(event);
    });
  });
}

/** A robot and an operator whose real peer connections negotiate over a pipe; the broker has given the operator control. */
function start() {
  const key = createBrokerKey();
  const log: string[] = [];
  const note = (line: object) => void log.push(JSON.stringify(line));
  const [robotEnd, operatorEnd] = [createBroker(clock, () => {}), createBroker(clock, () => {})];
  const stood: StopReason[] = [];
  const obeyed = createEmitter<{ command: unknown; stood: StopReason }>();
  const guard = createGuard(
    { robot, broker: robotEnd, clock, log: note },
    {
      onCommand: (command) => obeyed.emit("command", command),
      stop: () => {},
      onStop(reason) {
        stood.push(reason);
        obeyed.emit("stood", reason);
      },
    },
  );
  const drive = createDrive({ broker: operatorEnd, clock, random, log: note });
  const sides = { robot: createEmitter<SessionEvents>(), operator: createEmitter<SessionEvents>() };
  const made: RTCPeerConnection[] = [];
  const connect = () => {
    const pc: RTCPeerConnection = new wrtc.RTCPeerConnection();
    made.push(pc);
    return pc;
  };
  const run = (from: "robot" | "operator", id: Peer["session"], peer: Peer, control: Drive | typeof guard) => {
    const other = sides[from === "robot" ? "operator" : "robot"];
    const send = (_: unknown, data: SessionEvents["signal"]["data"]) => {
      queueMicrotask(() => other.emit("signal", { from: id, data: structuredClone(data) }));
      return undefined;
    };
    const session = { on: sides[from].on, send, peers: [peer], id: undefined, freshIceServers: async () => [], wake: () => {} };
    closing.push(follow({ session, polite: from === "operator", connect, control }));
  };
  const peer = (session: Peer["session"], kind: Peer["kind"]): Peer => ({ session, kind, state: "online", epoch: 1 });
  const issuedAt = Math.floor(clock.now());
  const holder = { session: ada, user: { id: "user" }, expiresAt: issuedAt + limits.control.leaseMs };
  const control = { version: 2, epoch: 1, holder };
  const greet = (session: Peer["session"]) => ({
    ...welcome({ at: clock.now() }),
    session: { id: session, epoch: 1, resumed: false },
    control: { control, policy: defaultPolicy, keys: [{ kid: key.kid, key: key.key }] },
  });
  robotEnd.welcomed(greet(robotId));
  operatorEnd.welcomed(greet(ada));
  const dated = { issuedAt, expiresAt: holder.expiresAt };
  const { deadmanMs, maxAgeMs } = defaultPolicy;
  const permit = key.sign({ robot, session: ada, user: "user", epoch: 1, ...dated, deadmanMs, maxAgeMs });
  operatorEnd.hear({ type: "control.granted", permit, control });
  run("robot", robotId, peer(ada, "client"), guard);
  run("operator", ada, peer(robotId, "robot"), drive);
  const next = (name: "command" | "stood") => new Promise<unknown>((resolve) => closing.push(obeyed.on(name, resolve)));
  return { guard, drive, made, robotEnd, next, stood, log, sides };
}

describe("over real peer connections", () => {
  test("the client makes both channels, the robot takes them, and commands arrive within their age [W1, R4, R11]", async () => {
    const { drive, guard, next, made } = start();
    const labels: string[] = [];
    made[0]?.addEventListener("datachannel", ({ channel }) => {
      labels.push(`${channel.label} ${channel.ordered} ${channel.maxRetransmits}`);
    });
    await once(drive, "drive", () => drive.canDrive);
    expect(labels.sort()).toEqual([`${channels.control.label} false 0`, `${channels.events.label} true ${labels[1]?.split(" ")[2]}`]);
    const heard = next("command");
    // The first may arrive before the answer to the robot's question for the clock.
    const again = () => {
      drive.command({ linear: 0.5 });
      if (!guard.moving) closing.push(clock.after(20, again));
    };
    again();
    expect(await heard).toEqual({ linear: 0.5 });
    const telemetry = once(drive, "telemetry");
    guard.telemetry({ battery: 0.9 });
    expect(await telemetry).toEqual({ battery: 0.9 });
  });

  test("a robot whose signalling is away stops for anyone on a channel, and goes on when the holder resumes [R7]", async () => {
    const { drive, robotEnd, guard } = start();
    await once(drive, "drive", () => drive.canDrive);
    robotEnd.lost();
    const stopped = once(drive, "stopped");
    drive.stop("a cat");
    expect(await stopped).toMatchObject({ reason: "stop", stop: 1 });
    const resumed = once(drive, "drive", () => drive.canDrive);
    drive.resume();
    await resumed;
    expect([guard.holder?.epoch, guard.moving]).toEqual([1, false]);
  });

  test("a client that is gone, with its peer connection or without a notice, leaves a robot that stands [R5, R9]", async () => {
    const { drive, next, stood, guard, sides } = start();
    await once(drive, "drive", () => drive.canDrive);
    const again = () => {
      drive.command(1);
      if (!guard.moving) closing.push(clock.after(20, again));
    };
    again();
    await next("command");
    expect(await next("stood")).toBe("deadman");
    sides.robot.emit("peer.ended", { session: ada });
    expect([guard.holder, stood]).toEqual([undefined, ["deadman"]]);
  });
});
