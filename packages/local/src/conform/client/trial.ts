import { type Control, type ControlPermit, defaultPolicy } from "@tether/protocol/control";
import type { ToBroker } from "@tether/protocol/frame";
import { bye } from "@tether/protocol/frame/bye";
import { ClientSessionId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import type { Clock } from "../../clock/clock.ts";
import type { Connection } from "../connection.ts";
import { createSigner } from "../keys.ts";
import { robot } from "../server.ts";
import { createTarget } from "../target.ts";
import { check, createWatch } from "../watch.ts";
import { startClientService, token } from "./service.ts";
import { createStandIn, robotSession } from "./stand-in.ts";

/** The orders that the client's program gets on its input. docs/conforming.md has them, and the reports on its output. */
export type Order =
  | { readonly do: "drive"; readonly command: object }
  | { readonly do: "rest" | "resume" | "release" | "leave" }
  | { readonly do: "stop"; readonly reason?: string };

const other = ClientSessionId.parse("cse_01J000000000000000000000ZZ");

/** One client on trial: its program, the broker that it knows, and the robot that it drives. */
export async function createClientTrial({ clock, command }: { clock: Clock; command: string }) {
  const signer = createSigner("key-1");
  const reports = createWatch<Record<string, unknown>>(clock);
  /** The answers that the broker gives by itself. A case that answers in its own way switches them off. */
  const state = {
    ...{ welcomes: true, renews: true, grants: true, relays: true },
    ...{ leaseMs: limits.control.leaseMs, lifeMs: limits.gateway.connectionLifeMs },
  };
  let control: Control = { version: 1, epoch: 0 };
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  const service = await startClientService({ clock, heard: handle });
  const standIn = createStandIn({ clock, post: (frame) => live()?.say(frame), clientEpoch: () => service.state.epoch });
  const target = createTarget(command, { api: service.origin, robot, token }, (line) => {
    try {
      reports.put(JSON.parse(line));
    } catch {
      // Other lines that a program prints are for people.
    }
  });
  const live = () => service.connections.all.at(-1);
  const self = () => ClientSessionId.parse(service.sessionId());

  function handle(connection: Connection, frame: ToBroker): void {
    if (frame.type === "hello" && state.welcomes) welcome(connection);
    else if (frame.type === "signal" && frame.to === robotSession && state.relays) standIn.take(frame);
    else if (frame.type === "auth.renew" && state.renews) renewed(connection, frame.id);
    else if (frame.type === "control.request" && state.grants) grant(frame.id);
    else if (frame.type === "control.renew" && state.grants && control.holder?.session === self()) permit(frame.id);
    else if (frame.type === "control.release") change(undefined);
    else if (frame.type === "stop") ordered(frame);
    if (frame.type !== "leave") return;
    connection.say(bye({ cause: "client.left", actor: { type: "user", id: "user" }, inferred: false }));
    connection.close();
  }

  function welcome(connection: Connection): void {
    connection.say({
      type: "welcome",
      session: { id: self(), epoch: connection.epoch, resumed: connection.epoch > 1 },
      robot: RobotId.parse(robot),
      serverTime: service.now(),
      deadlines: { authExpiresAt: service.now() + limits.auth.leaseMs, connectionEndsAt: service.now() + state.lifeMs },
      peers: [standIn.peer()],
      iceServers: [],
      control: { control, policy: defaultPolicy },
    });
  }

  const renewed = (connection: Connection, id: string | undefined) =>
    connection.say({ type: "auth.renewed", ...(id !== undefined && { id }), expiresAt: service.now() + limits.auth.leaseMs });

  function ordered({ key, reason }: { key?: string | undefined; reason?: string | undefined }): void {
    const said = { ...(key !== undefined && { key }), ...(reason !== undefined && { reason }) };
    live()?.say({ type: "robot.stopped", at: service.now(), by: { type: "user", id: "user" }, session: self(), reached: true, ...said });
  }

  /** A new epoch, in which the client holds control, another one does, or nobody. */
  function change(holder: "self" | "other" | undefined): void {
    const session = holder === "self" ? self() : other;
    const held = holder && { session, user: { id: "user" }, expiresAt: service.now() + state.leaseMs };
    control = { version: control.version + 1, epoch: control.epoch + 1, ...(held && { holder: held }) };
    standIn.state.seq = 0;
    live()?.say({
      type: "control.changed",
      control,
      because: holder === undefined ? "released" : holder === "self" ? "granted" : "taken",
      actor: { type: "system" },
    });
  }

  function permit(id?: string | undefined): void {
    if (control.holder)
      control = { ...control, version: control.version + 1, holder: { ...control.holder, expiresAt: service.now() + state.leaseMs } };
    const claims: ControlPermit = {
      ...{ robot: RobotId.parse(robot), session: self(), user: "user", epoch: control.epoch },
      ...{ issuedAt: service.now(), expiresAt: service.now() + state.leaseMs, deadmanMs: 500, maxAgeMs: 400 },
      ...{ blindMs: null, stopMs: 1_000, maxLinear: null, maxAngular: null },
    };
    live()?.say({ type: "control.granted", ...(id !== undefined && { id }), permit: signer.permit(claims), control });
  }

  function grant(id: string | undefined): void {
    if (control.holder?.session !== self()) change("self");
    permit(id);
  }

  /** The client's newest connection, once it said hello on it. */
  async function connected(from: number, ms = 30_000): Promise<Connection> {
    const connection = await service.connections.until("a connection of the client", () => true, { from, ms });
    await connection.frame("hello");
    return connection;
  }

  /** The client has both channels with the robot. */
  async function joined(ms = 15_000): Promise<void> {
    for (let waited = 0; !standIn.isOpen() && waited < ms; waited += 20) await wait(20);
    check(standIn.isOpen(), "it did not open tether.control and tether.events with the robot");
    await wait(100);
  }

  /** Has the client drive, and resolves once its commands come. */
  async function driving(): Promise<number> {
    const from = standIn.received.all.length;
    target.tell({ do: "drive", command: { linear: 0.1, angular: 0 } } satisfies Order);
    await standIn.received.until("a command", ({ message }) => !("type" in message), { from });
    return from;
  }

  return {
    clock,
    service,
    standIn,
    target,
    reports,
    state,
    wait,
    live,
    connected,
    joined,
    driving,
    change,
    permit,
    welcome,
    control: () => control,
    tell: (order: Order) => target.tell(order),
    refuse: (connection: Connection | undefined, code: ProblemCode, id: string | undefined) => {
      const { says, remedy } = problems[code];
      connection?.say({ type: "problem", code, says, remedy, ...(id !== undefined && { id }) });
    },
    /** Cuts the client's connection, and answers the next. */
    async reconnect(): Promise<Connection> {
      const from = service.connections.all.length;
      live()?.cut();
      return connected(from);
    },
    async rest(): Promise<void> {
      target.tell({ do: "rest" } satisfies Order);
      await wait(200);
    },
    async end(): Promise<void> {
      standIn.close();
      await target.kill();
      await service.stop();
    },
  };
}

export type ClientTrial = Awaited<ReturnType<typeof createClientTrial>>;
