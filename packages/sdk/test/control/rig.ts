import type { Control, ControlPermit, ControlPolicy, StopReason } from "@tether/protocol/control";
import { defaultPolicy, ToOperator } from "@tether/protocol/control";
import type { ToBroker } from "@tether/protocol/frame";
import type { ControlBecause } from "@tether/protocol/frame/control";
import { ClientSessionId, RobotId, RobotSessionId, type SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Obeyed } from "../../src/control/guard/event.ts";
import { createGuard, type GuardOptions } from "../../src/control/guard/guard.ts";
import { createBroker } from "../../src/session/broker.ts";
import { welcome } from "../connection/example.ts";
import { createVirtualClock, settled } from "../virtual-clock.ts";
import { createPipes } from "./pipe.ts";
import { createSdkOperator } from "./sdk-operator.ts";
import { createBrokerKey } from "./signing.ts";

export const robot = RobotId.parse("rob_01J00000000000000000000000");
const robotSession = RobotSessionId.parse("rse_01J00000000000000000000000");
export const [ada, bob] = [0, 1].map((n) => ClientSessionId.parse(`cse_01J0000000000000000000000${n}`)) as [
  ClientSessionId,
  ClientSessionId,
];

/** A deed of the guard, by its clock since the beginning. */
type Deed =
  | { readonly did: "command"; readonly command: unknown; readonly epoch: number; readonly at: number }
  | { readonly did: "stop" | "stood"; readonly reason: StopReason; readonly at: number };

type RigOptions = Partial<
  Pick<GuardOptions, "onCommand" | "onPress" | "declaration" | "isStopped" | "onOrder" | "onHolder" | "limits" | "manoeuvre" | "onStop">
> & {
  readonly policy?: Partial<ControlPolicy>;
  readonly delayMs?: () => number;
  readonly stop?: () => Promise<void>;
};

/** A guard, operators that drive it by the SDK or by hand, and a broker whose words are the test's. */
export function createRig(options: RigOptions = {}) {
  const clock = createVirtualClock();
  const key = createBrokerKey();
  const start = clock.now();
  const since = () => clock.now() - start;
  const deeds: Deed[] = [];
  const log: string[] = [];
  const obeyed: Obeyed[] = [];
  let control: Control = { version: 1, epoch: 0 };
  const sent: ToBroker[] = [];
  const robotEnd = createBroker(clock, (frame) => void sent.push(frame));
  const guard = createGuard(
    { robot, broker: robotEnd, clock, log: (line) => log.push(JSON.stringify(line)) },
    {
      onCommand(command, how) {
        options.onCommand?.(command, how);
        obeyed.push(how);
        deeds.push({ did: "command", command, epoch: how.epoch, at: since() });
      },
      stop(reason) {
        deeds.push({ did: "stop", reason, at: since() });
        return options.stop?.();
      },
      onStop(reason, measured) {
        options.onStop?.(reason, measured);
        deeds.push({ did: "stood", reason, at: since() });
      },
      ...(options.manoeuvre && { manoeuvre: options.manoeuvre }),
      ...(options.isStopped !== undefined && { isStopped: options.isStopped }),
      ...(options.onPress && { onPress: options.onPress }),
      declaration: options.declaration,
      ...(options.limits !== undefined && { limits: options.limits }),
      ...(options.onOrder && { onOrder: options.onOrder }),
      ...(options.onHolder && { onHolder: options.onHolder }),
    },
  );

  const greetingOf = (session: SessionId, keys: boolean) => ({
    ...welcome({ at: clock.now() }),
    session: { id: session, epoch: 1, resumed: false },
    control: { control, policy: defaultPolicy, ...(keys && { keys: [{ kid: key.kid, key: key.key }] }) },
  });

  /** Waits until it holds, at one instant: signatures are checked on a thread of their own. */
  async function until(holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 50_000; turn += 1) {
      clock.advanceNow(0);
      if (holds()) return;
      await settled();
    }
    throw new Error("It does not come about.");
  }

  function change(holder: ClientSessionId | undefined, epoch = control.epoch + 1): Control {
    const held = holder && { session: holder, user: { id: "user" }, expiresAt: clock.now() + limits.control.leaseMs };
    control = { version: control.version + 1, epoch, ...(held && { holder: held }) };
    return control;
  }

  function permit(part: Partial<ControlPermit> = {}): ControlPermit {
    const { session = ada } = control.holder ?? {};
    const dated = { issuedAt: clock.now(), expiresAt: clock.now() + limits.control.leaseMs };
    const { unanswered: _, takers: __, ...policy } = { ...defaultPolicy, ...options.policy };
    return { robot, session, user: "user", epoch: control.epoch, ...dated, ...policy, ...part };
  }

  const changed = (because: ControlBecause = "granted") =>
    ({ type: "control.changed", control, because, actor: { type: "user", id: "user" } }) as const;

  /** An operator that speaks by hand. Its clock is `aheadMs` ahead of the robot's. */
  function speak(session: ClientSessionId, { answers = true, aheadMs = 0 } = {}) {
    const pipes = createPipes(clock, options.delayMs);
    const heard: ToOperator[] = [];
    const now = () => clock.now() + aheadMs;
    pipes.operator.events.onmessage = ({ data }) => {
      const message = ToOperator.parse(JSON.parse(String(data)));
      heard.push(message);
      if (message.type === "clock" && answers) say({ type: "clock", t0: message.t0, t1: now() });
    };
    const say = (message: object) => pipes.operator.events.send(JSON.stringify(message));
    const leave = guard.open(session, pipes.robot);
    let seq = 0;
    const all = <Type extends ToOperator["type"]>(type: Type) =>
      heard.filter((one): one is Extract<ToOperator, { type: Type }> => one.type === type);
    return {
      heard,
      all,
      last: <Type extends ToOperator["type"]>(type: Type) => all(type).at(-1),
      say,
      leave,
      pipes,
      raw: (data: string) => pipes.operator.control.send(data),
      /** Shows a permit and waits until the robot answered. */
      async show(given: ControlPermit | string = permit()) {
        const before = all("accepted").length + all("refused").length;
        say({ type: "permit", permit: typeof given === "string" ? given : key.sign(given) });
        await until(() => all("accepted").length + all("refused").length > before);
        await clock.advance(0);
      },
      command(command: unknown, part: object = {}) {
        seq += 1;
        pipes.operator.control.send(JSON.stringify({ epoch: control.epoch, seq, sentAt: now(), command, ...part }));
      },
    };
  }

  /** The broker gives the holder a permit, and a lease that begins anew. */
  function grant() {
    if (control.holder) control = { ...control, holder: { ...control.holder, expiresAt: clock.now() + limits.control.leaseMs } };
    return { type: "control.granted", permit: key.sign(permit()), control } as const;
  }

  /** An operator with the SDK. */
  const operate = (session: ClientSessionId) =>
    createSdkOperator({
      clock,
      log: (line) => log.push(line),
      grant,
      greeting: () => greetingOf(session, false),
      channels() {
        const pipes = createPipes(clock, options.delayMs);
        guard.open(session, pipes.robot);
        return pipes;
      },
    });

  return {
    clock,
    key,
    guard,
    deeds,
    obeyed,
    log,
    until,
    change,
    permit,
    changed,
    speak,
    operate,
    since,
    robotEnd,
    /** The frames that the robot sent to the broker. */
    sent,
    welcomeRobot: () => robotEnd.welcomed(greetingOf(robotSession, true)),
    control: () => control,
    /** The deeds of the guard since the last call. */
    take: () => deeds.splice(0),
  };
}

export type Rig = ReturnType<typeof createRig>;

/** A rig in which Ada's permit was accepted and her clock is known. */
export async function armed(options: Parameters<typeof createRig>[0] = {}) {
  const rig = createRig(options);
  rig.change(ada);
  rig.welcomeRobot();
  const operator = rig.speak(ada);
  await operator.show();
  await rig.clock.advance(100);
  return { ...rig, operator };
}

/** A rig in which Ada drives by the SDK, and the broker answers each of her renewals. */
export async function driving(options: Parameters<typeof createRig>[0] = {}) {
  const rig = createRig(options);
  rig.change(ada);
  rig.welcomeRobot();
  const operator = rig.operate(ada);
  operator.welcome();
  operator.granted();
  operator.renews();
  operator.connect();
  await rig.until(() => operator.drive.canDrive);
  await rig.clock.advance(500);
  return { ...rig, operator };
}
