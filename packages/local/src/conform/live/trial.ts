import type { Control } from "@tether/protocol/control";
import { ControlPermit } from "@tether/protocol/control";
import type { Clock } from "../../clock/clock.ts";
import { type Drivable, newestStop, obeys, resume, show } from "../drivable.ts";
import type { FromRobotMessage, OperatorPeer } from "../operator-peer.ts";
import { check, Failure } from "../watch.ts";
import { type LiveOperator, openOperator, type Where } from "./operator.ts";
import { createPresses } from "./presses.ts";

/** A robot on trial where it runs: operators of the run, and what somebody else did meanwhile, which ends it. */
export type LiveTrial = Drivable & {
  readonly operators: readonly LiveOperator[];
  /** Joins as the operator that drives. A Failure where somebody drives, a stop is in force, or the robot is not there. */
  begin(): Promise<void>;
  /** Why the run must not go on. */
  broken(): string | undefined;
  breakOff(why: string): void;
  /** Resumes from the run's own stop, releases control, and leaves. Answers whether a stop of its own is still in force. */
  end(): Promise<{ readonly leftStopped: boolean }>;
};

const patienceMs = 10_000;
const stoppedByOthers = "a stop that is not the run's is in force: whoever pressed it, or the holder of control, resumes from it";

export function createLiveTrial({ clock, where }: { clock: Clock; where: Where }): LiveTrial {
  const presses = createPresses();
  const operators: LiveOperator[] = [];
  let chosen: OperatorPeer | undefined;
  let broken: string | undefined;
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const breakOff = (why: string) => {
    broken ??= why;
  };
  const goOn = () => check(broken === undefined, `The run was broken off: ${broken}`);

  function ours(operator: OperatorPeer): LiveOperator {
    const found = operators.find(({ session }) => session === operator.session);
    check(found !== undefined, "the operator left");
    return found;
  }

  const holderIn = (control: Control | undefined) => control?.holder?.session;
  const isOurs = (session: string) => operators.some((operator) => operator.session === session);

  function hears(message: FromRobotMessage): void {
    const stop = message.type === "stopped" || message.type === "latched" ? message.stop : undefined;
    if (stop !== undefined && presses.stopped(stop)) breakOff(stoppedByOthers);
    if (message.type === "resumed") presses.resumed();
  }

  function noticeOthers(operator: LiveOperator): void {
    operator.broker.on("frame", (frame) => {
      const holder = frame.type === "control.changed" ? holderIn(frame.control) : undefined;
      if (holder !== undefined && !isOurs(holder)) breakOff("somebody else has control now");
      if (frame.type === "robot.stopped" && !(frame.session && isOurs(frame.session))) breakOff(stoppedByOthers);
    });
  }

  async function open(): Promise<LiveOperator> {
    goOn();
    const operator = await openOperator({ clock, where, presses, hears });
    operators.push(operator);
    noticeOthers(operator);
    return operator;
  }

  /** Nobody of the run's operators holds control. */
  async function release(seen: LiveOperator): Promise<void> {
    const held = holderIn(seen.broker.greeting()?.control?.control);
    const holder = operators.find(({ session }) => session === held);
    check(held === undefined || holder !== undefined, "somebody else has control");
    if (!holder) return;
    const from = seen.frames.all.length;
    holder.broker.send({ type: "control.release" });
    const isFree = (control: Control | undefined) => holderIn(control) === undefined;
    await seen.frames.until("word that control is free", (frame) => frame.type === "control.changed" && isFree(frame.control), {
      from,
      ms: patienceMs,
    });
  }

  /** The broker gives control to the operator, in a new epoch. */
  async function request(mine: LiveOperator) {
    await release(mine);
    const from = mine.frames.all.length;
    mine.broker.send({ type: "control.request" });
    const answers = ["control.granted", "control.asked", "control.denied", "problem"];
    const answer = await mine.frames.until("the answer to a request for control", ({ type }) => answers.includes(type), {
      from,
      ms: patienceMs,
    });
    if (answer.type === "problem") throw new Failure(`Control was refused: ${answer.says} ${answer.remedy}`);
    if (answer.type !== "control.granted") {
      breakOff("somebody else has control now");
      throw new Failure("somebody else has control now");
    }
    return answer;
  }

  async function take(operator: OperatorPeer): Promise<number> {
    goOn();
    const mine = ours(operator);
    const granted = await request(mine);
    mine.state.seq = 0;
    const shown = await show(mine, granted.permit);
    check(shown.type === "accepted", `a good permit was refused: ${shown.reason}`);
    return granted.control.epoch;
  }

  function permitOf(operator: OperatorPeer) {
    const jws = ours(operator).permit();
    const claims = ControlPermit.safeParse(JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString() || "{}"));
    const { deadmanMs, maxAgeMs } = claims.data ?? { deadmanMs: 500, maxAgeMs: 500 };
    return { jws, deadmanMs, maxAgeMs };
  }

  const trial: LiveTrial = {
    clock,
    operators,
    wait,
    async begin() {
      const operator = await open();
      const holder = operator.broker.greeting()?.control?.control.holder;
      check(holder === undefined, `${holder?.user.name ?? "Somebody"} has control of the robot.`);
      await request(operator);
      // A robot that takes no channels fails the first case, which asks whether they carry anything.
      await operator.connect().catch(() => {});
      goOn();
      chosen = operator;
    },
    driver() {
      check(chosen !== undefined, "the robot has no peer connection with an operator");
      return chosen;
    },
    choose(operator) {
      chosen = operator;
    },
    async join() {
      const operator = await open();
      await operator.connect();
      return operator;
    },
    take,
    async hold(operator) {
      const from = operator.received.all.length;
      const epoch = await take(operator);
      await operator.message("clock", { from });
      await wait(250);
      return epoch;
    },
    free() {
      const held = operators.find(({ session, broker }) => holderIn(broker.greeting()?.control?.control) === session);
      held?.broker.send({ type: "control.release" });
    },
    permitOf,
    show,
    obeys(operator, epoch, part = () => ({})) {
      goOn();
      return obeys({ wait, permitOf }, operator, epoch, part);
    },
    stopByFrame: (operator, message) => ours(operator).stopByFrame(message),
    async resume(operator, epoch) {
      goOn();
      const stop = presses.inForce();
      check(stop !== undefined, "the stop that is in force is not the run's");
      check(newestStop(operator) <= stop, "the robot told the holder of a stop that is not the run's");
      await resume(operator, epoch, stop);
    },
    broken: () => broken,
    breakOff,
    async end() {
      const own = presses.inForce();
      if (own !== undefined) await resumeOwn(own).catch(() => {});
      trial.free();
      await wait(300);
      await Promise.all(operators.map((operator) => operator.leave()));
      return { leftStopped: presses.inForce() !== undefined };
    },
  };

  /** The run may have been broken off because somebody else wants to drive, and then it is theirs to resume. */
  async function resumeOwn(stop: number): Promise<void> {
    if (!chosen || (broken !== undefined && broken !== interrupted)) return;
    broken = undefined;
    await resume(chosen, await trial.hold(chosen), stop);
  }

  return trial;
}

/** Why a run ends that was told to by whoever began it. */
export const interrupted = "it was told to end";
