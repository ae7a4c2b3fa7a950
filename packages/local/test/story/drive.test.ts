import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { createDriving } from "../world/driving.ts";
import { operator, owner, viewer } from "../world/world.ts";

const { keptMs, answerMs } = limits.control;

describe("a holder", () => {
  test("whose own signalling is away comes back in time and keeps control, with no stop in between [D5, R14]", async () => {
    const { operate, stops, guard } = await createDriving();
    const [ada, watcher] = [await operate(operator), await operate(viewer)];
    await ada.acquire();
    await ada.go(5_000);
    await ada.network.cut();
    await ada.go(keptMs / 4);
    ada.network.mend();
    await ada.go(30_000);
    expect(ada.drive.canDrive).toBe(true);
    expect([stops(), guard.holder]).toEqual([[], { session: ada.id, epoch: 1 }]);
    expect(watcher.of("control").map(({ because }) => because)).toEqual([undefined, "granted", "away", "returned"]);
  });

  test("who vanishes leaves a robot that stands, and control to whoever asks [D5, R5, R9]", async () => {
    const { world, operate, take, guard } = await createDriving();
    const [ada, boss] = [await operate(operator), await operate(owner)];
    await ada.acquire();
    await ada.go(1_000);
    await ada.network.cut();
    ada.pipes.control.close();
    await world.idle();
    expect(take().at(-1)).toMatchObject({ did: "stood", reason: "channel.closed" });
    boss.drive.request();
    await world.idle();
    await world.clock.advance(keptMs + limits.sweep.everyMs);
    expect(guard.holder?.session).toBe(boss.id);
    expect(boss.drive.canDrive).toBe(true);
  });

  test("whose page is loaded again drives on with a grant of its own [D6, R14]", async () => {
    const { operate, guard, take } = await createDriving();
    const ada = await operate(operator);
    await ada.acquire();
    await ada.go(1_000);
    ada.pipes.control.close();
    const again = await operate(operator, { resume: ada.id });
    await again.go(1_500);
    expect([again.id, guard.holder?.session]).toEqual([ada.id, ada.id]);
    take();
    expect(await again.go(300, "again")).toEqual([undefined, undefined, undefined]);
    expect(take().map((deed) => deed.did === "command" && deed.command)).toContain("again");
  });
});

describe("stop", () => {
  test.each([
    ["operator", operator],
    ["viewer", viewer],
    ["owner", owner],
  ])("by %s stops the robot, by frame alone and over the channel alone, until the holder resumes [D14, R7]", async (_, as) => {
    const { operate, network, take } = await createDriving();
    const [ada, other] = [await operate(operator), await operate(as)];
    await ada.acquire();
    await ada.go(1_000);
    other.pipes.events.close();
    take();
    other.drive.stop("by frame");
    expect(await ada.go(500)).toContain("stopped");
    expect(take().find(({ did }) => did === "stop")).toMatchObject({ reason: "stop" });
    ada.drive.resume();
    await ada.go(1_000);
    expect(take().some(({ did }) => did === "command")).toBe(true);
    const third = await operate(as);
    await network.cut();
    third.drive.stop("by channel");
    expect(await ada.go(500)).toContain("stopped");
    expect(take().find(({ did }) => did === "stop")).toMatchObject({ reason: "stop" });
  });

  test("pressed once stops the robot once, also where its frame comes when the holder has resumed already [D14, R16]", async () => {
    const { world, robot, operate, take } = await createDriving();
    const ada = await operate(operator);
    await ada.acquire();
    await ada.go(1_000);
    take();
    world.system.faults.set([{ name: "latency", minMs: 800, maxMs: 800 }]);
    ada.drive.stop("a cat");
    expect(await ada.go(500)).toContain("stopped");
    expect(take().filter(({ did }) => did !== "command")).toMatchObject([{ did: "stop", reason: "stop" }, { did: "stood" }]);
    ada.drive.resume();
    await ada.go(5_000);
    const stopped = (await world.timeline(robot)).find(({ type }) => type === "robot.stopped");
    expect(stopped).toMatchObject({ evidence: { reached: true, reason: "a cat" } });
    const after = take();
    expect(after.filter(({ did }) => did !== "command")).toEqual([]);
    expect(after.length).toBeGreaterThan(45);
  });

  test("works while a take-over is pending [D14, R7]", async () => {
    const { world, operate, take } = await createDriving();
    const [ada, boss, watcher] = [await operate(operator), await operate(owner), await operate(viewer)];
    await ada.acquire();
    await ada.go(500);
    boss.drive.request();
    await world.idle();
    expect(ada.of("requested")).toHaveLength(1);
    take();
    watcher.drive.stop();
    await world.clock.advance(100);
    expect(take()[0]).toMatchObject({ did: "stop", reason: "stop" });
  });
});

describe("a take-over", () => {
  test("by request counts down, is refused by the holder or by time, and given when the holder gives [D8, D9, D10, R15]", async () => {
    const { world, operate, take } = await createDriving();
    const [ada, boss] = [await operate(operator), await operate(owner)];
    await ada.acquire();
    await ada.go(1_000);
    boss.drive.request();
    await world.idle();
    expect(ada.of("requested")).toMatchObject([{ from: boss.id, answerBy: world.clock.now() + answerMs }]);
    expect(boss.of("asked")).toMatchObject([{ answerBy: world.clock.now() + answerMs }]);
    await ada.go(answerMs + 1_000);
    expect(boss.of("denied")).toMatchObject([{ actor: { type: "system" } }]);
    boss.drive.request();
    await world.idle();
    ada.drive.deny(boss.id, "not now");
    await world.idle();
    expect(boss.of("denied").at(-1)).toMatchObject({ actor: { type: "user" }, reason: "not now" });
    boss.drive.request();
    await world.idle();
    ada.drive.give(boss.id);
    take();
    await world.clock.advance(1_000);
    await boss.go(500, "new");
    expect(ada.of("control").at(-1)).toMatchObject({ because: "given", mine: false });
    const commands = take().filter((deed) => deed.did === "command");
    expect(commands.map(({ epoch, command }) => [epoch, command])).toEqual(Array.from({ length: 5 }, () => [2, "new"]));
  });

  test("by force tells the loser who and why; the robot has stopped before the new holder's first command runs [D11, R6]", async () => {
    const { operate, take } = await createDriving();
    const [ada, boss] = [await operate(operator), await operate(owner)];
    await ada.acquire();
    await ada.go(1_000, "old");
    boss.drive.take("wrong way");
    for (let n = 0; n < 30; n += 1) {
      ada.drive.command("old");
      await boss.go(100, "new");
    }
    expect(ada.of("control").at(-1)).toMatchObject({ because: "taken", reason: "wrong way", mine: false, actor: { type: "user" } });
    const deeds = take();
    const first = deeds.findIndex((deed) => deed.did === "command" && deed.command === "new");
    expect(first).toBeGreaterThan(0);
    const before = deeds.slice(0, first).filter(({ did }) => did !== "command");
    expect(before.map(({ did, ...rest }) => [did, "reason" in rest && rest.reason])).toEqual([
      ["stop", "epoch"],
      ["stood", "epoch"],
    ]);
    expect(deeds[first]?.at).toBeGreaterThan(before.at(-1)?.at ?? Number.POSITIVE_INFINITY);
    expect(deeds.slice(first).every((deed) => deed.did === "command" && deed.epoch === 2)).toBe(true);
  });

  test("while the robot's signalling is away stops it by the new holder's permit, before that one's first command runs [R1, R2, R6]", async () => {
    const { operate, network, take, guard } = await createDriving();
    const [ada, boss] = [await operate(operator), await operate(owner)];
    await ada.acquire();
    await ada.go(1_000, "ada");
    await network.cut();
    boss.drive.take("off with it");
    await ada.go(500, "ada");
    await boss.go(500, "boss");
    const done = take().map((deed) => (deed.did === "command" ? deed.command : `${deed.did}: ${deed.reason}`));
    expect(done.filter((one, i) => one !== done[i - 1])).toEqual(["ada", "stop: epoch", "stood: epoch", "boss"]);
    expect(guard.holder).toEqual({ session: boss.id, epoch: 2 });
  });

  test("of control by two at once gives it to one, and the robot obeys that one alone [D2, R1]", async () => {
    const { world, operate, guard } = await createDriving();
    const [ada, boss] = [await operate(operator), await operate(owner)];
    ada.drive.request();
    boss.drive.request();
    await world.idle();
    await world.clock.advance(1_000);
    const holders = [ada, boss].filter(({ drive }) => drive.canDrive);
    expect(holders.map(({ id }) => id)).toEqual([guard.holder?.session]);
  });
});

test("idle control costs nothing: no frame of control while nobody drives [D17, R12]", async () => {
  const { world, operate } = await createDriving();
  const ada = await operate(operator);
  await ada.acquire();
  ada.drive.release();
  await world.idle();
  const frames = () => world.lines.filter((line) => JSON.stringify(line).includes("control.")).length;
  const before = frames();
  expect(before).toBe(2);
  await world.clock.advance(10 * 60_000);
  expect(frames()).toBe(before);
});

test("a holder costs one renewal per 4 min while it drives, and nothing while it does not [D17, R12]", async () => {
  const { world, operate, stops } = await createDriving();
  const ada = await operate(operator);
  await ada.acquire();
  const renewals = () => world.lines.filter((line) => JSON.stringify(line).includes("control.renew")).length;
  await ada.go(8.5 * 60_000);
  expect([renewals(), stops()]).toEqual([2, []]);
  // The robot was driven since the last renewal, so another one follows.
  for (let n = 0; n < 2; n += 1) {
    await world.clock.advance(4 * 60_000);
    expect([renewals(), ada.drive.control?.holder?.session]).toEqual([3, ada.id]);
  }
});
