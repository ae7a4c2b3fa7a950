import { defaultPolicy } from "@tether/protocol/control";
import { describe, expect, test } from "vitest";
import { createGuard, type GuardOptions } from "../../../src/control/guard/guard.ts";
import { wait } from "../../../src/control/guard/work.ts";
import { createBroker } from "../../../src/session/broker.ts";
import { welcome } from "../../connection/example.ts";
import { createVirtualClock } from "../../virtual-clock.ts";
import { createPipes } from "../pipe.ts";
import { ada, armed, bob, createRig, robot } from "../rig.ts";

const go = { linear: 1 };
const viewer = { type: "user", id: "viewer" } as const;

const lines = (log: string[]) => log.map((line) => JSON.parse(line) as { event: string });
const stopReports = (sent: readonly object[]) => sent.flatMap((frame) => ("stop" in frame ? [frame.stop] : []));

describe("what a guard logs", () => {
  test("is each change of its state once, with the epoch and why it stops", async () => {
    const { clock, operator, log } = await armed();
    for (const command of ["one", "two"]) operator.command(command);
    await clock.advance(1_000);
    operator.leave();
    await clock.advance(0);
    expect(lines(log)).toEqual([
      { event: "guard.armed", epoch: 1 },
      { event: "guard.driving", epoch: 1 },
      { event: "guard.stopping", epoch: 1, reason: "deadman" },
      { event: "guard.armed", epoch: 1 },
      { event: "guard.idle", epoch: 1 },
    ]);
  });

  test("names what the driver failed at, and a hook that throws keeps nothing from its end", async () => {
    let fails = 1;
    const failing = () => {
      throw new Error("no");
    };
    const rig = await armed({
      onCommand: failing,
      onStop: failing,
      stop: async () => {
        if (fails-- > 0) failing();
      },
    });
    rig.operator.command(go);
    await rig.clock.advance(200);
    expect(lines(rig.log).filter(({ event }) => event.endsWith("failed"))).toEqual([
      { event: "guard.command-failed", epoch: 1 },
      { event: "guard.stop-failed", reason: "driver.failed" },
      { event: "guard.hook-failed", about: "driver.failed" },
    ]);
    expect([rig.operator.last("stopped")?.reason, rig.guard.holder]).toEqual(["driver.failed", { session: ada, epoch: 1 }]);
  });
});

describe("the broker", () => {
  test("is told whose stop is in force, and who resumed from it, as far as the robot can say [P13]", async () => {
    const { clock, operator, robotEnd, sent, guard, speak } = await armed();
    const resume = async (stop: number) => {
      await clock.advance(0);
      operator.say({ type: "resume", epoch: 1, stop, seq: 0 });
      await clock.advance(0);
      return stopReports(sent.splice(0));
    };
    expect(stopReports(sent.splice(0))).toEqual([{ inForce: false }]);
    speak(bob).say({ type: "stop" });
    expect(await resume(1)).toEqual([
      { inForce: true, session: bob },
      { inForce: false, session: ada },
    ]);
    robotEnd.hear({ type: "stop", by: viewer, session: bob });
    expect((await resume(2))[0]).toEqual({ inForce: true, session: bob, by: viewer });
    guard.stop();
    expect((await resume(3))[0]).toEqual({ inForce: true });
  });

  test("whose welcome came before the guard is known to it, and so is a session that was over before", async () => {
    const clock = createVirtualClock();
    const broker = createBroker(clock, () => {});
    const stops: string[] = [];
    const options: GuardOptions = { onCommand() {}, stop: (reason) => void stops.push(reason) };
    const log: string[] = [];
    const env = { robot, broker, clock, log: (line: object) => void log.push(JSON.stringify(line)) };
    const rig = await armed();
    broker.welcomed({
      ...welcome({ at: clock.now() }),
      control: { control: rig.control(), policy: defaultPolicy, keys: [{ kid: rig.key.kid, key: rig.key.key }] },
    });
    const guard = createGuard(env, options);
    const pipes = createPipes(clock);
    guard.open(ada, pipes.robot);
    pipes.operator.events.send(JSON.stringify({ type: "permit", permit: rig.key.sign(rig.permit()) }));
    while (guard.holder === undefined) await clock.advance(0);
    expect(guard.holder).toEqual({ session: ada, epoch: 1 });
    broker.over();
    const late = createGuard(env, options);
    expect(stops).toEqual(["leaving", "leaving"]);
    await Promise.all([guard.close(), late.close()]);
    expect(stops).toEqual(["leaving", "leaving"]);
    expect(log.join()).not.toContain("failed");
  });

  test("whose clock is behind that of the robot is told apart from it: a permit is over by the broker's [R1]", async () => {
    const { clock, robotEnd, guard, speak, change, key, permit } = createRig();
    const at = clock.now() - 5_000;
    const keys = [{ kid: key.kid, key: key.key }];
    robotEnd.welcomed({ ...welcome({ at }), control: { control: change(ada), policy: defaultPolicy, keys } });
    await speak(ada).show(key.sign(permit({ issuedAt: at, expiresAt: at + 1_000 })));
    await clock.advance(999);
    expect(guard.holder).toBeDefined();
    await clock.advance(1);
    expect(guard.holder).toBeUndefined();
  });

  test("that says at its next welcome that nobody holds control stops a robot that moves, for its epoch [R6]", async () => {
    const { clock, robotEnd, operator, change, welcomeRobot, take } = await armed();
    operator.command(go);
    await clock.advance(0);
    robotEnd.hear({ type: "auth.expired", closesAt: 0 });
    robotEnd.lost();
    change(undefined);
    welcomeRobot();
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "epoch" }, { did: "stood" }]);
  });

  test("is told nothing more by a guard that was closed, and nothing it says is heard there", async () => {
    const { robotEnd, guard, sent, clock, welcomeRobot, deeds } = await armed();
    guard.stop();
    robotEnd.lost();
    await guard.close();
    const count = deeds.length;
    sent.length = 0;
    welcomeRobot();
    robotEnd.hear({ type: "stop", by: viewer, session: bob });
    await clock.advance(0);
    expect([sent, deeds.length]).toEqual([[], count]);
  });
});

test("a robot that is being stopped has no holder, yet is held by the session that drives on after it, and one whose stop is in force from before remembers it without a latch", async () => {
  const { operator, clock, guard } = await armed({ stop: () => new Promise(() => {}) });
  operator.command(go);
  await clock.advance(0);
  expect([guard.moving, guard.holder]).toEqual([true, { session: ada, epoch: 1 }]);
  guard.stop();
  expect([guard.moving, guard.holder, guard.isHeld]).toEqual([false, undefined, true]);
  operator.leave();
  expect(guard.isHeld).toBe(false);
  const { operator: other } = await armed({ isStopped: true });
  expect(other.last("accepted")).toMatchObject({ stop: 1 });
});

test("another holder is told once, also one that drives on after a stop, and a throw there stops nothing [V9]", async () => {
  const told: (string | undefined)[] = [];
  const onHolder: GuardOptions["onHolder"] = (holder) => {
    told.push(holder?.session);
    throw new Error("The speaker is on fire.");
  };
  const rig = await armed({ onHolder });
  await rig.operator.show();
  rig.operator.say({ type: "stop" });
  await rig.clock.advance(0);
  expect([told, rig.guard.holder]).toEqual([[ada], { session: ada, epoch: 1 }]);
  rig.change(bob, 2);
  rig.welcomeRobot();
  await rig.clock.advance(0);
  await rig.speak(bob).show();
  expect(told).toEqual([ada, undefined, bob]);
});

test("a stop whose writer says nothing of it is taken for kept [R18]", async () => {
  const { operator, clock, guard } = await armed({ onOrder: () => undefined });
  guard.stop();
  await clock.advance(60_000);
  expect(operator.all("latched")).toEqual([]);
});

test("a stop that could not be written and was resumed from meanwhile is told to nobody [R18]", async () => {
  const writes: ((outcome: "kept" | "unkept") => void)[] = [];
  const { operator, clock, guard } = await armed({ onOrder: () => new Promise((resolve) => writes.push(resolve)) });
  guard.stop();
  await clock.advance(0);
  operator.say({ type: "resume", epoch: 1, stop: 1, seq: 0 });
  await clock.advance(0);
  for (const write of writes) write("unkept");
  await clock.advance(60_000);
  expect([operator.all("latched"), writes.length]).toEqual([[], 2]);
});

test.each(["unkept", "kept"] as const)(
  "a stop that was %s is not written again once it was resumed from, nor while it is kept [R18]",
  async (outcome) => {
    const written: boolean[] = [];
    const { operator, clock, guard } = await armed({
      async onOrder(isStopped) {
        written.push(isStopped);
        return outcome;
      },
    });
    guard.stop();
    await clock.advance(outcome === "kept" ? 60_000 : 1_000);
    operator.say({ type: "resume", epoch: 1, stop: 1, seq: 0 });
    await clock.advance(60_000);
    expect(written).toEqual([true, false]);
  },
);

test("a guard that is closed has ended once the robot stands, and not before [R9]", async () => {
  const { promise, resolve: stood } = Promise.withResolvers<void>();
  const { clock, guard } = await armed({ stop: () => promise });
  let isClosed = false;
  const closed = guard.close().then(() => {
    isClosed = true;
  });
  await clock.advance(10_000);
  expect(isClosed).toBe(false);
  stood();
  await closed;
  expect(guard.moving).toBe(false);
});

test("a timer that fires early waits for the rest, and one that is not needed any more is taken back", () => {
  const timers: { readonly ms: number; readonly run: () => void }[] = [];
  let now = 100;
  let cancelled = 0;
  const clock = {
    now: () => now,
    after(ms: number, run: () => void) {
      timers.push({ ms, run });
      return () => void cancelled++;
    },
  };
  const emitted: object[] = [];
  const work = wait({ clock, stamp: (happening) => ({ ...happening, at: now }) }, 150);
  expect(work.key).toBe("due:150");
  const stop = work.begin((event) => emitted.push(event));
  now = 149;
  timers[0]?.run();
  expect([timers.map(({ ms }) => ms), emitted]).toEqual([[50, 1], []]);
  now = 150;
  timers[1]?.run();
  expect(emitted).toEqual([{ type: "due", at: 150 }]);
  stop();
  expect(cancelled).toBe(1);
});
