import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { ada, bob, createRig, type Rig } from "../rig.ts";

const go = { linear: 1 };

/** Ada's SDK holds control, and the robot has accepted it. */
async function driving(options: Parameters<typeof createRig>[0] = {}) {
  const rig = createRig(options);
  const operator = rig.operate(ada);
  rig.welcomeRobot();
  operator.welcome();
  const pipes = operator.connect();
  operator.drive.request();
  await hand(rig, operator);
  await rig.clock.advance(100);
  return { ...rig, ...operator, operator, pipes };
}

/** The broker gives control to an operator, and the robot accepts it. */
async function hand(rig: Rig, operator: ReturnType<Rig["operate"]>, session = ada) {
  rig.change(session);
  rig.robotEnd.hear(rig.changed());
  operator.broker.hear(rig.changed());
  operator.granted();
  await accept(rig, operator);
}

/** Waits until the robot has accepted whatever was shown. */
async function accept({ until }: Rig, operator: ReturnType<Rig["operate"]>) {
  const before = operator.of("accepted").length;
  await until(() => operator.of("accepted").length > before);
}

describe("an operator", () => {
  test("requests control, shows its permit, and drives once the robot accepted it [R11]", async () => {
    const { drive, events, sent, deeds, clock, take } = await driving();
    expect(sent).toMatchObject([{ type: "control.request" }]);
    expect(events.filter(([name]) => name === "drive").map(([, event]) => (event as { why?: string }).why)).toEqual([
      "control.free",
      "permit.awaited",
      "robot.deciding",
      undefined,
    ]);
    expect([drive.canDrive, drive.command(go)]).toEqual([true, undefined]);
    await clock.advance(0);
    expect(deeds).toMatchObject([{ did: "command", command: go, epoch: 1 }]);
    take();
    await clock.advance(400);
    for (let n = 0; n < 12; n += 1) {
      drive.command(go);
      await clock.advance(100);
    }
    expect(drive.robot).toMatchObject({ commandAgeMs: 0, roundTripMs: 0 });
  });

  test("knows why it cannot drive, and says who holds control and why", async () => {
    const { drive, change, changed, broker, of, clock } = await driving();
    change(bob);
    broker.hear({ ...changed("taken"), reason: "my turn" });
    expect([drive.canDrive, drive.why, drive.command(go)]).toEqual([false, "control.held", "control.held"]);
    expect(of("control").at(-1)).toMatchObject({ mine: false, because: "taken", actor: { id: "user" }, reason: "my turn" });
    expect(drive.control?.holder?.session).toBe(bob);
    await clock.advance(0);
  });

  test("is told once of a change that the broker tells twice", async () => {
    const { drive, changed, broker, granted, of, control, clock } = await driving();
    const told = of("control").length;
    broker.hear(changed());
    granted();
    expect([of("control").length, drive.control?.version]).toEqual([told, control().version]);
    await clock.advance(0);
  });

  test("whose connection is away knows by the robot's stop that another drives it, and that what it commands is refused [R6, R8]", async () => {
    const { drive, change, changed, broker, robotEnd, of, clock } = await driving();
    broker.lost();
    drive.command(go);
    await clock.advance(0);
    expect(drive.canDrive).toBe(true);
    change(bob);
    robotEnd.hear(changed("taken"));
    await clock.advance(100);
    expect([of("stopped"), drive.why]).toMatchObject([[{ reason: "epoch" }], "robot.refused"]);
  });

  test("does not queue commands: one is not sent while another has not left [R13]", async () => {
    const { drive, pipes, clock, deeds } = await driving();
    pipes.operator.control.bufferedAmount = 1;
    expect(drive.command("stale")).toBe("busy");
    pipes.operator.control.bufferedAmount = 0;
    expect(drive.command("fresh")).toBeUndefined();
    await clock.advance(0);
    expect(deeds).toMatchObject([{ command: "fresh" }]);
  });

  test("renews every 4 min while it drives, and says nothing otherwise [R12]", async () => {
    const { drive, clock, types, renews, guard, operator, until } = await driving();
    const renewals = () => types().filter((type) => type === "control.renew").length;
    renews();
    for (let at = 0; at < 13 * 60_000; at += 20_000) {
      drive.command(go);
      await clock.advance(20_000);
      await until(() => operator.of("accepted").length === renewals() + 1);
    }
    expect(renewals()).toBe(3);
    expect(guard.holder?.epoch).toBe(1);
    const before = types().length;
    await clock.advance(60_000);
    expect([types().slice(before), guard.moving]).toEqual([[], false]);
  });

  test("gives the robot fresh permits while its signalling is away, one renewal at a time, and drives on without a stop [R3, R11.1, R11.2, R11.3]", async () => {
    const rig = await driving();
    const { drive, clock, types, granted, operator, robotEnd, deeds } = rig;
    robotEnd.lost();
    for (let at = 0; at < 60_000; at += 100) {
      drive.command(go);
      await clock.advance(100);
      if (types().filter((type) => type === "control.renew").length < operator.of("accepted").length) continue;
      granted();
      await accept(rig, operator);
    }
    expect(types().filter((type) => type === "control.renew")).toHaveLength(7);
    expect(deeds.every(({ did }) => did === "command")).toBe(true);
  });

  test("gets control back after its page was loaded again [R14]", async () => {
    const rig = await driving();
    const { drive, pipes, clock, deeds, take } = rig;
    for (const command of [1, 2, 3]) {
      drive.command(command);
      await clock.advance(10);
    }
    pipes.operator.events.close();
    await clock.advance(10);
    take();
    const again = rig.operate(ada);
    again.welcome();
    expect(again.sent).toMatchObject([{ type: "control.renew", epoch: 1 }]);
    again.connect();
    again.granted();
    await accept(rig, again);
    await clock.advance(100);
    expect(again.drive.command(4)).toBeUndefined();
    await clock.advance(0);
    expect(deeds).toMatchObject([{ did: "command", command: 4 }]);
  });

  test("keeps control over a break of its own connection, without a frame or a stop [R14]", async () => {
    const { drive, broker, welcome, sent, clock, deeds } = await driving();
    const before = sent.length;
    broker.lost();
    for (let n = 0; n < 20; n += 1) {
      drive.command(go);
      await clock.advance(100);
    }
    welcome();
    expect(drive.canDrive).toBe(true);
    expect(sent.slice(before)).toEqual([]);
    expect(deeds.every(({ did }) => did === "command")).toBe(true);
  });

  test("whose session is over commands nothing and asks for nothing more", async () => {
    const { drive, events, sent, deeds, clock, broker } = await driving();
    drive.command(go);
    await clock.advance(0);
    const [asked, done] = [sent.length, deeds.length];
    broker.over();
    expect([drive.canDrive, drive.why, drive.command(go), drive.asking]).toEqual([false, "session.over", "session.over", false]);
    expect(events.at(-1)).toEqual(["drive", { canDrive: false, why: "session.over" }]);
    await clock.advance(limits.control.leaseMs);
    expect([sent.length, deeds.slice(done).filter(({ did }) => did === "command")]).toEqual([asked, []]);
  });

  test("shows its permit on a new channel [R11]", async () => {
    const rig = await driving();
    const { drive, operator, pipes, clock, guard } = rig;
    pipes.operator.events.close();
    await clock.advance(0);
    expect([drive.why, guard.holder]).toEqual(["channel.closed", undefined]);
    operator.connect();
    await accept(rig, operator);
    expect([drive.canDrive, guard.holder?.session]).toEqual([true, ada]);
  });

  test("asks for a fresh permit when the robot refuses an old one [R11.2]", async () => {
    const rig = await driving();
    const { drive, operator, pipes, clock, robotEnd, types, of, until } = rig;
    await clock.advance(60_000);
    pipes.operator.events.close();
    robotEnd.lost();
    await clock.advance(limits.control.trustMs);
    operator.connect();
    await until(() => of("refused").length > 0);
    expect([of("refused"), drive.why, types().at(-1)]).toEqual([
      [{ epoch: 1, reason: "signalling.away" }],
      "robot.refused",
      "control.renew",
    ]);
    operator.granted();
    await accept(rig, operator);
    expect(drive.canDrive).toBe(true);
  });

  test("stops the robot over both ways at once, and drives on when it resumes [R7]", async () => {
    const { drive, clock, take, of, sent } = await driving();
    drive.command(go);
    await clock.advance(0);
    expect(drive.stop("a cat")).toEqual({ channel: true, broker: true });
    await clock.advance(0);
    expect(sent.at(-1)).toMatchObject({ type: "stop", reason: "a cat" });
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "stop" }, { did: "stood" }]);
    expect([of("stopped"), drive.why, drive.command(go)]).toEqual([[{ reason: "stop", latencyMs: 0, stop: 1 }], "stopped", "stopped"]);
    drive.resume();
    await clock.advance(0);
    expect([drive.canDrive, drive.command("on")]).toEqual([true, undefined]);
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command", command: "on" }]);
  });

  test.each([0, 20, 150, 400])(
    "knows how blind it is, whatever its clock says, who only looks on too: %i ms each way [R33]",
    async (delayMs) => {
      const rig = createRig({ delayMs: () => delayMs });
      rig.welcomeRobot();
      const viewer = rig.operate(bob);
      viewer.connect();
      await rig.clock.advance(2_000);
      const takenAt = rig.clock.now() - 300;
      expect(viewer.drive.blindMs(takenAt)).toBeCloseTo(300 + delayMs, 0);
      expect(viewer.drive.ageMs(takenAt)).toBeCloseTo(300, 0);
      rig.guard.picture({ stream: "front", mark: 7, ageMs: 40 });
      await rig.clock.advance(delayMs + 100);
      const told = viewer.of("picture").at(-1);
      expect(told).toEqual({ stream: "front", takenAt: rig.clock.now() - delayMs - 140 });
      expect(viewer.drive.takenAt({ stream: "front", mark: 7 })).toBe(told?.takenAt);
    },
  );

  test("asks the robot five times a second whether it is there, and is answered, who only looks on too [R30]", async () => {
    const rig = await driving();
    const viewer = rig.operate(bob);
    const { robot } = viewer.connect();
    const pongs = () => robot.control.sent.filter((said) => said.startsWith('{"type":"pong"')).length;
    await rig.clock.advance(1);
    const before = pongs();
    await rig.clock.advance(60_000);
    expect([pongs() - before, viewer.drive.link]).toEqual([300, "live"]);
  });

  test("whose robot falls silent sends nothing into channels that look open, and says so within a second [R31]", async () => {
    const { drive, pipes, clock, of, deeds } = await driving();
    for (const channel of [pipes.robot.control, pipes.robot.events]) Object.assign(channel, { onmessage: null, send() {} });
    await clock.advance(limits.control.silentMs - limits.control.pingMs);
    expect(drive.canDrive).toBe(true);
    await clock.advance(limits.control.pingMs);
    const before = pipes.operator.control.sent.filter((said) => !said.includes("ping")).length;
    expect([drive.link, drive.why, drive.command(go), of("drive").at(-1)]).toEqual([
      "silent",
      "robot.silent",
      "robot.silent",
      { canDrive: false, why: "robot.silent" },
    ]);
    await clock.advance(60_000);
    expect(pipes.operator.control.sent.filter((said) => !said.includes("ping"))).toHaveLength(before);
    expect(deeds).toEqual([]);
    // Whatever it says next, it is there again.
    pipes.operator.events.onmessage?.({ data: JSON.stringify({ type: "telemetry", telemetry: {} }) });
    expect([drive.link, drive.canDrive]).toEqual(["live", true]);
  });

  test("who only looks on stops the robot too, with its signalling away [R7]", async () => {
    const rig = await driving();
    const viewer = rig.operate(bob);
    viewer.connect();
    rig.robotEnd.lost();
    viewer.drive.stop();
    await rig.clock.advance(0);
    expect(rig.take()).toMatchObject([{ did: "stop", reason: "stop" }, { did: "stood" }]);
    expect([viewer.drive.canDrive, rig.drive.why]).toEqual([false, "stopped"]);
  });

  test("who only looks on knows of a stop in force, also of one from before it came, until the holder resumes [R20, R32]", async () => {
    const rig = await driving();
    const viewer = rig.operate(bob);
    viewer.connect();
    rig.drive.stop();
    await rig.clock.advance(0);
    const late = rig.operate(bob);
    late.connect();
    await rig.clock.advance(0);
    const stop = { number: 1, kept: true };
    for (const one of [rig.drive, viewer.drive, late.drive]) expect(one.stopInForce).toEqual(stop);
    rig.drive.resume();
    await rig.clock.advance(0);
    for (const one of [viewer, late])
      expect([one.drive.stopInForce, one.of("order")]).toEqual([undefined, [{ stop }, { stop: undefined }]]);
  });

  test("is told who pressed STOP, wherever they are [D20]", async () => {
    const { broker, of } = await driving();
    const pressed = { at: 5, by: { type: "user", id: "u1", name: "Olive" }, reached: true, reason: "a cat" } as const;
    broker.hear({ type: "robot.stopped", ...pressed });
    expect(of("pressed")).toEqual([pressed]);
  });
});

test("a stop says which ways to the robot there were", async () => {
  const { drive, broker, pipes, clock } = await driving();
  broker.lost();
  expect(drive.stop()).toEqual({ channel: true, broker: false });
  pipes.operator.events.close();
  await clock.advance(0);
  expect(drive.stop()).toEqual({ channel: false, broker: false });
});

describe("a request", () => {
  async function asked() {
    const rig = createRig();
    rig.change(bob);
    const operator = rig.operate(ada);
    operator.welcome();
    operator.drive.request();
    return { ...rig, ...operator };
  }

  test("is sent again until the broker answers, over a break too, and after the holder's time [R15]", async () => {
    const { clock, types, broker, control, welcome, of } = await asked();
    await clock.advance(5_000);
    broker.lost();
    welcome();
    expect(types()).toEqual(["control.request", "control.request", "control.request"]);
    broker.hear({ type: "control.asked", answerBy: clock.now() + 15_000, control: control() });
    await clock.advance(15_499);
    expect(types()).toHaveLength(3);
    await clock.advance(1);
    expect(types()).toHaveLength(4);
    broker.hear({ type: "control.denied", actor: { type: "system" } });
    await clock.advance(60_000);
    expect([types().length, of("asked").length, of("denied")]).toEqual([4, 1, [{ actor: { type: "system" } }]]);
  });

  test("is asked no more once it is cancelled, and the holder's answer still counts", async () => {
    const { clock, drive, types, change, broker, granted } = await asked();
    expect(drive.asking).toBe(true);
    drive.cancel();
    await clock.advance(60_000);
    expect([drive.asking, types()]).toEqual([false, ["control.request"]]);
    broker.hear({ type: "control.changed", control: change(ada), because: "given", actor: { type: "user", id: "user" } });
    granted();
    expect(drive.why).toBe("channel.closed");
  });

  test("is over with the broker's refusal, which is told [R15]", async () => {
    const { clock, sent, types, broker, of } = await asked();
    const [first] = sent;
    const id = first && "id" in first ? first.id : undefined;
    broker.hear({ type: "problem", code: "access.denied", says: "no", remedy: "ask", ...(id !== undefined && { id }) });
    await clock.advance(60_000);
    expect([types(), of("problem")]).toEqual([["control.request"], [{ code: "access.denied", says: "no", remedy: "ask" }]]);
  });

  test("of another is told to the holder, who gives or denies; one may also take and release", async () => {
    const { drive, broker, sent, of, clock } = await driving();
    broker.hear({ type: "control.requested", from: bob, user: { id: "bob" }, answerBy: 5 });
    expect(of("requested")).toEqual([{ from: bob, user: { id: "bob" }, answerBy: 5 }]);
    const before = sent.length;
    drive.deny(bob, "busy");
    drive.give(bob);
    drive.release();
    drive.take("mine");
    expect(sent.slice(before)).toMatchObject([
      { type: "control.deny", to: bob, reason: "busy" },
      { type: "control.give", to: bob },
      { type: "control.release" },
      { type: "control.take", reason: "mine" },
    ]);
    expect(drive.command(go)).toBe("permit.awaited");
    await clock.advance(0);
  });
});
