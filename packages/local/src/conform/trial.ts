import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import type { Control, ControlPermit } from "@tether/protocol/control";
import { defaultPolicy } from "@tether/protocol/control";
import { ClientSessionId, RobotId, RobotSessionId } from "@tether/protocol/id";
import type { Clock } from "../clock/clock.ts";
import type { Connection } from "./connection.ts";
import { createOperator, type Operator } from "./operator.ts";
import { code, robot, session as robotSession, startService } from "./service.ts";
import { createTarget } from "./target.ts";
import { check, Failure, patienceMs } from "./watch.ts";

/** Long enough for whatever a robot wrongly does to be seen. */
const quietMs = 1_200;

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

  function welcome(connection: Connection, part: { peers?: readonly Operator[]; control?: boolean } = {}): void {
    const { peers = operators, control: isTold = true } = part;
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
      deadlines: { authExpiresAt: service.now() + 14_400_000, connectionEndsAt: service.now() + 7_200_000 },
      peers: peers.map((operator) => operator.peer()),
      iceServers: [],
      ...(isTold && { control: { control, policy: defaultPolicy, keys: [{ kid: service.signer.kid, key: service.signer.key }] } }),
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

  async function show(operator: Operator, permit: ControlPermit | string) {
    const from = operator.told.all.length;
    operator.onEvents({ type: "permit", permit: typeof permit === "string" ? permit : service.signer.permit(permit) });
    const isAnswer = ({ message }: (typeof operator.told.all)[number]) => message.type === "accepted" || message.type === "refused";
    return (await operator.told.until("accepted or refused", isAnswer, { from })).message as {
      type: "accepted" | "refused";
      seq?: number;
      reason?: string;
      stop?: number;
    };
  }

  /** The operator holds control in a new epoch, was accepted, and its clock is known. */
  async function hold(operator: Operator, part: Partial<ControlPermit> = {}): Promise<number> {
    const epoch = change(operator);
    const from = operator.told.all.length;
    const answer = await show(operator, operator.permit(epoch, part));
    check(answer.type === "accepted", `a good permit was refused: ${answer.reason}`);
    await operator.message("clock", { from });
    await wait(250);
    return epoch;
  }

  /**
   * Whether the robot obeys: it then moves, and its dead-man stops it. Nothing of that comes of commands that are not obeyed. A few are
   * sent, since the channel may lose one.
   */
  async function obeys(operator: Operator, epoch: number, part: () => object = () => ({})): Promise<boolean> {
    const from = operator.told.all.length;
    for (let n = 0; n < 5; n += 1) {
      operator.command(epoch, part());
      await wait(40);
    }
    try {
      await operator.message("stopped", { from, ms: quietMs, where: ({ reason }: { reason: string }) => reason === "deadman" });
      return true;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  }

  /** Answers nothing of a stop: whoever pressed resumes, so that the next case begins with a robot that drives. */
  async function resume(operator: Operator, epoch: number): Promise<void> {
    const stopped = operator.told.all
      .map(({ message }) => message)
      .filter((message) => message.type === "stopped" || message.type === "latched");
    const stop = Math.max(0, ...stopped.map((message) => ("stop" in message ? (message.stop ?? 0) : 0)));
    const from = operator.told.all.length;
    operator.onEvents({ type: "resume", epoch, stop, seq: operator.state.seq });
    await operator.message("resumed", { from });
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
    show,
    hold,
    obeys,
    resume,
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
