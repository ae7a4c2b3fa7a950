import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { welcome } from "../../connection/example.ts";
import { ada, armed, bob, createRig, robot } from "../rig.ts";
import { createBrokerKey } from "../signing.ts";

const { trustMs, askMs, leaseMs } = limits.control;
const go = { linear: 1 };

describe("a permit", () => {
  test("is accepted on the channel of the session it names, and commands are obeyed from then on [R1]", async () => {
    const { operator, clock, deeds, guard } = await armed();
    expect(operator.heard[0]).toEqual({ type: "accepted", epoch: 1, seq: 0 });
    operator.command(go);
    await clock.advance(0);
    expect(deeds).toEqual([{ did: "command", command: go, epoch: 1, at: 100 }]);
    expect([guard.moving, guard.holder]).toEqual([true, { session: ada, epoch: 1 }]);
  });

  test.each([
    ["another robot", { robot: `${robot.slice(0, -1)}9` }, "robot.other"],
    ["another session", { session: bob }, "session.other"],
    ["an older epoch", { epoch: 1 }, "epoch.old"],
    ["a time that is over", { expiresAt: 0 }, "permit.over"],
  ])("of %s is refused [R1]", async (_, part, reason) => {
    const rig = createRig();
    rig.change(ada, 2);
    rig.welcomeRobot();
    const operator = rig.speak(ada);
    await operator.show(rig.permit(part as object));
    expect(operator.heard).toMatchObject([{ type: "refused", reason }]);
    expect(rig.guard.holder).toBeUndefined();
  });

  test("of an epoch that another drives in is refused, whoever signed it [R1]", async () => {
    const rig = await armed();
    const thief = rig.speak(bob);
    await thief.show(rig.permit({ session: bob }));
    expect(thief.last("refused")).toEqual({ type: "refused", epoch: 1, reason: "session.other" });
    expect(rig.guard.holder?.session).toBe(ada);
  });

  test("older than the one at hand, of the same epoch, changes nothing [R1]", async () => {
    const rig = await armed();
    const older = rig.permit({ expiresAt: rig.clock.now() + 30_000 });
    await rig.clock.advance(10_000);
    await rig.operator.show();
    await rig.operator.show(older);
    await rig.clock.advance(30_000);
    expect(rig.guard.holder?.session).toBe(ada);
  });

  test("that the broker did not sign, or that is none, is refused [R1]", async () => {
    const rig = createRig();
    rig.change(ada);
    rig.welcomeRobot();
    const operator = rig.speak(ada);
    await operator.show(createBrokerKey().sign(rig.permit()));
    await operator.show("nonsense");
    expect(operator.heard).toEqual([1, 2].map(() => ({ type: "refused", epoch: 0, reason: "permit.invalid" })));
  });

  test("newer than the broker's last notice is obeyed for 20 s, and then only if the notice has come [R2]", async () => {
    const rig = createRig();
    rig.welcomeRobot();
    rig.change(ada);
    const operator = rig.speak(ada);
    await operator.show();
    await rig.clock.advance(trustMs - 1);
    expect(rig.guard.holder).toBeDefined();
    await rig.clock.advance(1);
    expect(operator.last("refused")).toEqual({ type: "refused", epoch: 1, reason: "signalling.away" });
    rig.robotEnd.hear(rig.changed());
    await operator.show();
    await rig.clock.advance(2 * trustMs);
    expect(rig.guard.holder).toBeDefined();
  });

  test("is over when its time is, by the broker's clock [R1]", async () => {
    const { clock, operator, guard } = await armed();
    await clock.advance(leaseMs - 101);
    expect(guard.holder).toBeDefined();
    await clock.advance(1);
    expect([guard.holder, operator.last("refused")]).toEqual([undefined, { type: "refused", epoch: 1, reason: "permit.over" }]);
  });
});

describe("a robot whose signalling is away", () => {
  test("asks its holder for a permit every 8 s, and goes on without a stop as long as fresh ones come [R2, R3]", async () => {
    const { clock, operator, robotEnd, guard, take } = await armed();
    robotEnd.lost();
    let asked = 0;
    for (let at = 0; at < 60_000; at += 100) {
      operator.command(go);
      await clock.advance(100);
      if (operator.all("renew").length === asked) continue;
      asked += 1;
      await operator.show();
    }
    expect(asked).toBe(7);
    expect(guard.moving).toBe(true);
    expect(take().every(({ did }) => did === "command")).toBe(true);
  });

  test("stops within 20 s of noticing when no fresh permit comes, however valid the last one is [R2]", async () => {
    const { clock, operator, robotEnd, take, guard } = await armed();
    await clock.advance(60_000);
    robotEnd.lost();
    for (let at = 0; at < trustMs + 1_000; at += 100) {
      operator.command(go);
      await clock.advance(100);
    }
    const stops = take().filter(({ did }) => did === "stop");
    expect(stops).toEqual([{ did: "stop", reason: "signalling.away", at: 60_100 + trustMs }]);
    expect([guard.holder, operator.last("stopped")?.reason]).toEqual([undefined, "signalling.away"]);
  });

  test("that notices it again and again gains no time by it [R2]", async () => {
    const { clock, robotEnd, guard } = await armed();
    robotEnd.lost();
    for (let at = 0; at < trustMs - 1_000; at += 1_000) {
      await clock.advance(1_000);
      robotEnd.lost();
    }
    expect(guard.holder).toBeDefined();
    await clock.advance(1_000);
    expect(guard.holder).toBeUndefined();
  });

  test("and comes back to a broker that says nothing of control trusts the permit for 20 s from when it was issued [R2]", async () => {
    const { clock, operator, robotEnd, guard } = await armed();
    await clock.advance(trustMs - 1_100);
    robotEnd.lost();
    robotEnd.welcomed(welcome({ at: clock.now() }));
    await clock.advance(999);
    expect(guard.holder).toBeDefined();
    await clock.advance(1);
    expect([guard.holder, operator.last("refused")?.reason]).toEqual([undefined, "signalling.away"]);
  });

  test("asks nothing while the broker vouches for the permit [R3]", async () => {
    const { clock, operator, robotEnd, welcomeRobot } = await armed();
    await clock.advance(4 * askMs);
    expect(operator.all("renew")).toEqual([]);
    robotEnd.lost();
    welcomeRobot();
    await clock.advance(4 * askMs);
    expect(operator.all("renew")).toHaveLength(1);
  });
});

describe("a command", () => {
  test.each([
    ["of another epoch", { epoch: 7 }, "epoch"],
    ["not above the last", { seq: 1 }, "seq"],
    ["older than allowed", { sentAt: -501 }, "late"],
    ["of an operator's clock that was set ahead", { sentAt: 60_000 }, "clock"],
  ])("%s is not obeyed, and counted [R4.1, R4.2]", async (_, part, why) => {
    const { clock, operator, take } = await armed();
    operator.command("first");
    await clock.advance(0);
    const at = clock.now();
    operator.command("second", "sentAt" in part ? { sentAt: at + part.sentAt } : part);
    await clock.advance(1_100);
    expect(take()).toMatchObject([{ command: "first" }, { did: "stop" }, { did: "stood" }]);
    operator.command("third");
    await clock.advance(1_000);
    expect(operator.last("state") ?? { dropped: {} }).toMatchObject({ dropped: { [why]: 1 } });
  });

  test("just within its age is obeyed [R4.2]", async () => {
    const { clock, operator, obeyed } = await armed();
    operator.command(go, { sentAt: clock.now() - 500 });
    await clock.advance(0);
    expect(obeyed).toEqual([{ epoch: 1, seq: 1, ageMs: 500, limit: 1 }]);
  });

  test("is not obeyed before the operator's clock is known, nor by a clock the robot did not ask for [R4.4]", async () => {
    const rig = createRig();
    rig.change(ada);
    rig.welcomeRobot();
    const operator = rig.speak(ada, { answers: false });
    await operator.show();
    operator.say({ type: "clock", t0: rig.clock.now() - 50, t1: rig.clock.now() });
    operator.command(go);
    await rig.clock.advance(10);
    expect(rig.deeds).toEqual([]);
    operator.say({ type: "clock", t0: operator.last("clock")?.t0 ?? 0, t1: rig.clock.now() });
    operator.command(go);
    await rig.clock.advance(0);
    expect(rig.deeds).toMatchObject([{ did: "command" }]);
  });

  test("has its age measured whatever the two clocks say [R4.2, R4.3]", async () => {
    let delayMs = 0;
    const rig = createRig({ delayMs: () => delayMs });
    rig.change(ada);
    rig.welcomeRobot();
    const operator = rig.speak(ada, { aheadMs: -123_456_789 });
    await operator.show();
    delayMs = 80;
    operator.command(go);
    await rig.clock.advance(80);
    expect(rig.obeyed).toEqual([{ epoch: 1, seq: 1, ageMs: 80, limit: 1 }]);
  });

  test("on another channel of the holder's is obeyed once the clock is known there, and on the one before no more [R4]", async () => {
    const { clock, operator, take, speak } = await armed();
    const again = speak(ada, { answers: false });
    await again.show();
    again.command("by a clock that is not known yet");
    await clock.advance(0);
    again.say({ type: "clock", t0: again.last("clock")?.t0 ?? 0, t1: clock.now() });
    operator.command("on the channel before");
    again.command("obeyed");
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command", command: "obeyed" }]);
  });

  test("on another's channel is not obeyed, whatever it says [R4]", async () => {
    const { clock, deeds, speak } = await armed();
    const other = speak(bob);
    other.command(go);
    other.raw("nonsense");
    await clock.advance(0);
    expect(deeds).toEqual([]);
  });

  test("that the driver cannot carry out stops the robot", async () => {
    const { clock, operator, take } = await armed({
      onCommand: (command) => {
        if (command === "bad") throw new Error("bad");
      },
    });
    operator.command("bad");
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "stop", reason: "driver.failed" }, { did: "stood" }]);
    operator.command("good");
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command", command: "good" }]);
  });
});

describe("the dead-man", () => {
  test("stops the robot once when no valid command comes in time, and the next one moves it again [R5]", async () => {
    const { clock, operator, take } = await armed();
    operator.command(go);
    await clock.advance(499);
    operator.command("late", { sentAt: clock.now() - 501 });
    expect(take()).toHaveLength(1);
    await clock.advance(1);
    expect(take()).toMatchObject([
      { did: "stop", reason: "deadman", at: 600 },
      { did: "stood", reason: "deadman" },
    ]);
    expect(operator.last("stopped")).toEqual({ type: "stopped", reason: "deadman", latencyMs: 0 });
    await clock.advance(10_000);
    operator.command(go);
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }]);
  });

  test("stops a robot that slept past its time before it hears another command [R5]", async () => {
    const { clock, operator, take } = await armed();
    operator.command("before");
    await clock.advance(0);
    operator.command("in flight");
    clock.sleep(600);
    await clock.advance(0);
    expect(take().map(({ did }) => did)).toEqual(["command", "stop", "stood"]);
  });
});

describe("a change of epoch", () => {
  test("stops first; the new holder's first command runs only after the stop was carried out [R6]", async () => {
    const stood: (() => void)[] = [];
    const rig = await armed({ stop: () => new Promise((resolve) => stood.push(resolve)) });
    const { clock, operator, take, change, robotEnd, changed, speak } = rig;
    operator.command("old");
    await clock.advance(10);
    change(bob);
    robotEnd.hear(changed("taken"));
    operator.command("old", { epoch: 1 });
    const other = speak(bob);
    other.say({ type: "permit", permit: rig.key.sign(rig.permit()) });
    other.say({ type: "clock", t0: clock.now(), t1: clock.now() });
    other.command("too early");
    await clock.advance(200);
    expect(take().map(({ did }) => did)).toEqual(["command", "stop"]);
    expect(other.all("accepted")).toEqual([]);
    stood.shift()?.();
    await rig.until(() => other.all("accepted").length > 0);
    await clock.advance(100);
    other.command("new");
    await clock.advance(0);
    expect(take()).toMatchObject([
      { did: "stood", reason: "epoch", at: 310 },
      { did: "command", command: "new", epoch: 2 },
    ]);
    expect(operator.last("stopped")).toEqual({ type: "stopped", reason: "epoch", latencyMs: 200 });
  });

  test("to nobody stops it, for the reason the broker gave [R6]", async () => {
    const { clock, operator, take, change, robotEnd, changed } = await armed();
    operator.command(go);
    await clock.advance(0);
    change(undefined);
    robotEnd.hear(changed("released"));
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "released" }, { did: "stood" }]);
  });

  test("while the robot is being stopped leaves nobody who may drive afterwards [R6]", async () => {
    const { promise, resolve: stood } = Promise.withResolvers<void>();
    const { clock, operator, change, robotEnd, changed, guard } = await armed({ stop: () => promise });
    operator.command(go);
    await clock.advance(500);
    change(undefined);
    robotEnd.hear(changed("expired"));
    stood();
    await clock.advance(0);
    expect([guard.holder, operator.all("accepted")]).toEqual([undefined, [{ type: "accepted", epoch: 1, seq: 0 }]]);
  });

  test("that comes late, after a newer one, changes nothing [R6, R2.1]", async () => {
    const { clock, operator, take, change, robotEnd, changed, guard } = await armed();
    const old = changed();
    change(ada, 5);
    robotEnd.hear(changed());
    await operator.show();
    operator.command(go);
    await clock.advance(100);
    operator.command(go);
    robotEnd.hear(old);
    await clock.advance(0);
    expect([guard.holder?.epoch, take().filter(({ did }) => did === "stop")]).toEqual([5, []]);
    await clock.advance(2 * trustMs);
    expect([guard.holder?.epoch, operator.all("renew")]).toEqual([5, []]);
  });

  test("that names another for the epoch at hand stops the robot: nobody drives in it any more [R6, R2.2]", async () => {
    const { clock, operator, take, change, robotEnd, changed, guard, speak, permit } = await armed();
    operator.command(go);
    await clock.advance(0);
    change(bob, 1);
    robotEnd.hear(changed());
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "epoch" }, { did: "stood" }]);
    await operator.show(permit({ session: ada }));
    await speak(bob).show(permit({ session: bob }));
    expect(guard.holder).toBeUndefined();
  });
});

describe("a stop by order", () => {
  test.each(["viewer's channel", "broker's frame", "robot itself"])(
    "comes by the %s and holds until the holder resumes from it [R7]",
    async (way) => {
      const { clock, operator, take, guard, robotEnd, speak } = await armed();
      operator.command(go);
      await clock.advance(0);
      if (way === "robot itself") guard.stop();
      else if (way === "broker's frame") robotEnd.hear({ type: "stop", by: { type: "user", id: "viewer" }, session: bob });
      else speak(bob).say({ type: "stop" });
      await clock.advance(0);
      operator.command("in flight");
      await clock.advance(0);
      expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "stop" }, { did: "stood" }]);
      expect(operator.last("stopped")).toEqual({ type: "stopped", reason: "stop", latencyMs: 0, stop: 1 });
      operator.say({ type: "resume", epoch: 1, stop: 1, seq: 3 });
      operator.command("still in flight", { seq: 3 });
      operator.command("after", { seq: 4 });
      await clock.advance(0);
      expect(take()).toMatchObject([{ did: "command", command: "after" }]);
      expect(operator.last("accepted")).toEqual({ type: "accepted", epoch: 1, seq: 3 });
    },
  );

  test("is not undone by resuming from an older one, nor by one who does not hold control, nor by a fresh permit [R7]", async () => {
    const { clock, operator, take, guard, speak } = await armed();
    guard.stop();
    guard.stop();
    await clock.advance(0);
    operator.say({ type: "resume", epoch: 1, stop: 1, seq: 0 });
    speak(bob).say({ type: "resume", epoch: 1, stop: 2, seq: 0 });
    await operator.show();
    operator.command(go);
    await clock.advance(0);
    expect(take().filter(({ did }) => did === "command")).toEqual([]);
    expect(operator.last("accepted")).toEqual({ type: "accepted", epoch: 1, seq: 0, stop: 2 });
  });

  test("is carried out with nobody driving, over and over until the driver has done it [R7, R10]", async () => {
    let fails = 3;
    const { clock, take, robotEnd } = createRig({
      stop: async () => {
        fails -= 1;
        if (fails >= 0) throw new Error("not yet");
      },
    });
    robotEnd.hear({ type: "stop", by: { type: "user", id: "viewer" }, session: bob });
    await clock.advance(1_000);
    expect(take().map(({ did, at }) => [did, at])).toEqual([
      ["stop", 0],
      ["stop", 100],
      ["stop", 200],
      ["stop", 300],
      ["stood", 300],
    ]);
  });

  test("tells everyone, with the time it took [R8]", async () => {
    const { promise, resolve: stood } = Promise.withResolvers<void>();
    const rig = await armed({ stop: () => promise });
    const viewer = rig.speak(bob);
    viewer.say({ type: "stop", reason: "a cat" });
    await rig.clock.advance(40);
    stood();
    await rig.clock.advance(0);
    const stopped = { type: "stopped", reason: "stop", latencyMs: 40, stop: 1 };
    expect([viewer.last("stopped"), rig.operator.last("stopped")]).toEqual([stopped, stopped]);
  });
});

describe("the end", () => {
  test("of the holder's channel stops the robot; that of another's does not [R9]", async () => {
    const { clock, operator, take, speak } = await armed();
    operator.command(go);
    await clock.advance(0);
    speak(bob).leave();
    await clock.advance(0);
    expect(take()).toHaveLength(1);
    operator.pipes.operator.control.close();
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "stop", reason: "channel.closed" }, { did: "stood" }]);
  });

  test("of the robot's session stops it for good [R9]", async () => {
    const { clock, operator, take, robotEnd, guard, speak } = await armed();
    operator.command(go);
    await clock.advance(0);
    robotEnd.over();
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "leaving" }, { did: "stood" }]);
    operator.command(go);
    speak(bob).say({ type: "stop" });
    await clock.advance(10_000);
    await guard.close();
    expect([take(), clock.pending]).toEqual([[], 0]);
  });

  test("of a page that is loaded again hands its number over to the next [R4.6]", async () => {
    const { clock, operator, take, speak } = await armed();
    for (const command of ["one", "two"]) operator.command(command);
    await clock.advance(0);
    operator.leave();
    const again = speak(ada);
    await again.show();
    expect(again.last("accepted")).toEqual({ type: "accepted", epoch: 1, seq: 2 });
    again.command("dropped");
    await clock.advance(100);
    again.command("three", { seq: 3 });
    operator.command("ghost", { seq: 9 });
    await clock.advance(0);
    expect(take().filter(({ did }) => did === "command")).toMatchObject([{ command: "one" }, { command: "two" }, { command: "three" }]);
  });
});

test("telemetry does not pile up before a client whose channel is behind, and keeps no stop from it [R13, R8]", async () => {
  const { clock, operator, speak, guard } = await armed();
  const watcher = speak(bob);
  Object.assign(operator.pipes.robot.events, { bufferedAmount: 1 });
  guard.telemetry(1);
  guard.stop();
  await clock.advance(0);
  expect([operator.all("telemetry").length, watcher.all("telemetry").length]).toEqual([0, 1]);
  for (const end of [operator, watcher]) expect(end.last("stopped")).toMatchObject({ reason: "stop" });
  Object.assign(operator.pipes.robot.events, { bufferedAmount: 0 });
  guard.telemetry(2);
  await clock.advance(0);
  expect(operator.all("telemetry")).toEqual([{ type: "telemetry", telemetry: 2 }]);
});

test("a guard made after the welcome knows what it said, and everything it logs is without secrets", async () => {
  const rig = await armed();
  rig.operator.command("secret");
  rig.guard.telemetry({ battery: 1 });
  await rig.clock.advance(2_000);
  expect(rig.operator.last("telemetry")).toEqual({ type: "telemetry", telemetry: { battery: 1 } });
  expect(rig.log.join()).toContain("guard.driving");
  expect(rig.log.join()).not.toContain("secret");
});
