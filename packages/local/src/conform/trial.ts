import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import type { Control, ControlPermit } from "@tether/protocol/control";
import { defaultPolicy } from "@tether/protocol/control";
import { ClientSessionId, RobotId, RobotSessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock/clock.ts";
import type { Connection } from "./connection.ts";
import { newestStop, obeys, resume, show } from "./drivable.ts";
import { createOperator, type Operator } from "./operator.ts";
import { robot } from "./server.ts";
import { code, session as robotSession, startService } from "./service.ts";
import { createTarget } from "./target.ts";
import { check, patienceMs } from "./watch.ts";

/** A robot on trial: its program, the broker that it knows, and operators. */
export async function createTrial({ clock, command }: { clock: Clock; command: string }) {
  const service = await startService({ clock });
  const folder = mkdtempSync(pathOf(tmpdir(), "tether-conform-"));
  const target = createTarget(command, { api: service.origin, code, folder });
  const operators: Operator[] = [];
  let control: Control = { version: 1, epoch: 0 };
  let count = 0;
  let chosen: Operator | undefined;
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  function driver(): Operator {
    check(chosen !== undefined, "the robot has no peer connection with an operator");
    return chosen;
  }

  /** The robot's newest connection, once it said hello on it. */
  async function connected(from: number, ms = 30_000): Promise<Connection> {
    const connection = await service.connections.until("a connection of the robot", () => true, { from, ms });
    await connection.frame("hello");
    return connection;
  }

  function welcome(connection: Connection, part: { peers?: readonly Operator[]; control?: boolean; lifeMs?: number } = {}): void {
    const { peers = operators, control: hasControl = true, lifeMs = limits.gateway.connectionLifeMs } = part;
    for (const operator of peers) operator.listen(connection);
    // A robot in doubt says hello again, and is welcomed again. H8
    const from = connection.heard.all.length;
    void connection.heard
      .until("hello again", ({ frame }) => frame?.type === "hello", { from, ms: 3_600_000 })
      .then(() => !connection.isOver() && welcome(connection, part));
    connection.say({
      type: "welcome",
      session: { id: RobotSessionId.parse(robotSession), epoch: connection.epoch, resumed: connection.epoch > 1 },
      robot: RobotId.parse(robot),
      serverTime: service.now(),
      deadlines: { authExpiresAt: service.now() + 14_400_000, connectionEndsAt: service.now() + lifeMs },
      peers: peers.map((operator) => operator.peer()),
      iceServers: [],
      ...(hasControl && { control: { control, policy: defaultPolicy, keys: [{ kid: service.signer.kid, key: service.signer.key }] } }),
    });
  }

  /** Cuts the robot's connection and welcomes the next one. */
  async function reconnect(part: Parameters<typeof welcome>[1] = {}): Promise<Connection> {
    const from = service.connections.all.length;
    service.connections.all.at(-1)?.cut();
    const connection = await connected(from);
    welcome(connection, part);
    return connection;
  }

  function notice(because: "granted" | "released" = "granted"): void {
    service.post({ type: "control.changed", control, because, actor: { type: "system" } });
  }

  /** A new epoch, in which an operator holds control, or nobody does. */
  function change(holder: Operator | undefined, { tell = true } = {}): number {
    const held = holder && { session: holder.session, user: { id: "user" }, expiresAt: service.now() + 300_000 };
    control = { version: control.version + 1, epoch: control.epoch + 1, ...(held && { holder: held }) };
    if (holder) holder.state.seq = 0;
    if (tell) notice(holder ? "granted" : "released");
    return control.epoch;
  }

  /** An operator that the robot has data channels with. */
  async function join({ offers = true } = {}): Promise<Operator> {
    count += 1;
    const id = ClientSessionId.parse(`cse_01J00000000000000000000${String(count).padStart(3, "0")}`);
    const operator = createOperator({ clock, service }, id);
    operators.push(operator);
    const connection = service.connections.all.at(-1);
    if (connection) operator.listen(connection);
    service.post({ type: "peer.online", peer: operator.peer() });
    if (!offers) return operator;
    const sdp = await operator.gathered();
    operator.signal({ kind: "offer", sdp });
    await operator.opened();
    return operator;
  }

  /** The same client's next peer connection, in the place of the one it had. */
  async function renew(operator: Operator): Promise<Operator> {
    const next = createOperator({ clock, service }, operator.session);
    Object.assign(next.state, operator.state);
    operators.splice(operators.indexOf(operator), 1, next);
    operator.close();
    const connection = service.connections.all.at(-1);
    if (connection) next.listen(connection, connection.heard.all.length);
    next.signal({ kind: "offer", sdp: await next.gathered() });
    await next.opened();
    return next;
  }

  const shown = new Map<string, ControlPermit>();

  /** The operator holds control in a new epoch, and was accepted. */
  async function take(operator: Operator, part: Partial<ControlPermit> = {}): Promise<number> {
    const epoch = change(operator);
    const permit = operator.permit(epoch, part);
    shown.set(operator.session, permit);
    const answer = await show(operator, service.signer.permit(permit));
    check(answer.type === "accepted", `a good permit was refused: ${answer.reason}`);
    return epoch;
  }

  function permitOf(operator: Operator) {
    const permit = shown.get(operator.session) ?? operator.permit(control.epoch);
    return { jws: service.signer.permit(permit), deadmanMs: permit.deadmanMs, maxAgeMs: permit.maxAgeMs };
  }

  /** The operator holds control in a new epoch, was accepted, and its clock is known. */
  async function hold(operator: Operator, part: Partial<ControlPermit> = {}): Promise<number> {
    const from = operator.received.all.length;
    const epoch = await take(operator, part);
    await operator.message("clock", { from });
    await wait(250);
    return epoch;
  }

  return {
    clock,
    service,
    target,
    operators,
    wait,
    driver,
    /** The operator that drives in the cases after this one. */
    choose: (operator: Operator) => {
      chosen = operator;
    },
    connected,
    welcome,
    reconnect,
    change,
    notice,
    join,
    renew,
    show: (operator: Operator, permit: ControlPermit | string) =>
      show(operator, typeof permit === "string" ? permit : service.signer.permit(permit)),
    take,
    hold,
    free: () => void change(undefined),
    permitOf,
    obeys: (operator: Operator, epoch: number, part: () => object = () => ({})) => obeys({ wait, permitOf }, operator, epoch, part),
    stopByFrame: ({ session }: Operator, message: { readonly key: string }) => service.post({ ...message, type: "stop", session }),
    resume: (operator: Operator, epoch: number) => resume(operator, epoch, newestStop(operator)),
    control: () => control,
    patienceMs,
    async end(): Promise<void> {
      for (const operator of operators) operator.close();
      await target.kill();
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Trial = Awaited<ReturnType<typeof createTrial>>;
