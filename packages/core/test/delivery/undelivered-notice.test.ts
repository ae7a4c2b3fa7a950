import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { createDriving } from "../../../local/test/world/driving.ts";
import { createWorld, type KeyHolder, operator, owner, type World } from "../../../local/test/world/world.ts";

const outages = [{ name: "management.throttled", rate: 1 } as const, { name: "management.failing", rate: 1 } as const];

const revocations = {
  "whose grant is removed": ({ call }: World, { id }: KeyHolder) =>
    call("DELETE", `/v1/robots/${id}/grants?to=email:${operator}`, { as: owner }),
  "who is made a viewer": ({ call }: World, { id }: KeyHolder) =>
    call("PUT", `/v1/robots/${id}/grants`, { as: owner, body: { to: `email:${operator}`, role: "viewer" } }),
};

const kinds = outages.flatMap((outage) => Object.entries(revocations).map(([who, revoke]) => [outage.name, who, outage, revoke] as const));

async function leaseOf({ system }: World, { id }: KeyHolder) {
  const { data } = await system.store.entities.controlLease.get({ robotId: id }).go({ consistent: true });
  return data;
}

test.each(kinds)(
  "while %s: an operator %s moves the robot no more within a minute after the gateway works again [D21]",
  async (...kind) => {
    const [, , outage, revoke] = kind;
    const { world, robot, guard, operate, take } = await createDriving();
    // A token that was issued within the second of its revocation would count as revoked before it was used.
    await world.clock.advance(1_000);
    const ada = await operate(operator);
    await ada.acquire();
    await ada.go(1_000);
    expect(guard.holder?.session).toBe(ada.id);
    world.system.faults.set([outage]);
    expect((await revoke(world, robot)).status).toBeLessThan(300);
    await ada.go(limits.sweep.everyMs + 1_000);
    expect(guard.holder?.session, "the robot cannot know").toBe(ada.id);
    world.system.faults.set([]);
    await ada.go(limits.sweep.everyMs);
    expect(guard.holder).toBeUndefined();
    take();
    await ada.go(1_000);
    expect(take()).toEqual([]);
    // Nothing of it stays due.
    const lease = await leaseOf(world, robot);
    expect([lease?.state, lease?.undelivered, lease?.dueAt]).toEqual(["free", undefined, undefined]);
  },
);

describe("a change of control that the gateway fails to tell the robot", () => {
  test("is told as control is by then, with the newest reason, once [D21]", async () => {
    const { world, robotEnd, driver, boss, clear } = await attended();
    await world.say(driver, { type: "control.request" });
    world.system.faults.set([{ name: "management.throttled", rate: 1 }]);
    await world.say(driver, { type: "control.release" });
    clear();
    await world.say(boss, { type: "control.take", reason: "mine" });
    expect(robotEnd.frames).toEqual([]);
    world.system.faults.set([]);
    await world.clock.advance(3 * limits.sweep.everyMs);
    expect(robotEnd.all("control.changed")).toEqual([
      expect.objectContaining({
        because: "granted",
        control: expect.objectContaining({ epoch: 3, holder: expect.objectContaining({ session: boss.session }) }),
      }),
    ]);
  });

  test("stays noted while a later one is delivered, and control is told once more [D21]", async () => {
    const { world, robot, robotEnd, driver } = await attended();
    await world.say(driver, { type: "control.request" });
    world.system.faults.set([{ name: "management.failing", rate: 1 }]);
    await world.say(driver, { type: "control.release" });
    world.system.faults.set([]);
    await world.say(driver, { type: "control.request" });
    expect(await leaseOf(world, robot)).toMatchObject({ state: "held", undelivered: { because: "granted" } });
    robotEnd.clear();
    await world.clock.advance(limits.sweep.everyMs);
    expect(robotEnd.last("control.changed")).toMatchObject({ control: { epoch: 3, holder: { session: driver.session } } });
    const lease = await leaseOf(world, robot);
    expect([lease?.undelivered, lease?.dueAt]).toEqual([undefined, lease?.expiresAt]);
  });

  test("is not told to a robot whose session is another one: its welcome said so [D21]", async () => {
    const { world, robot, robotEnd, driver } = await attended();
    await world.say(driver, { type: "control.request" });
    world.system.faults.set([{ name: "management.failing", rate: 1 }]);
    await world.say(driver, { type: "control.release" });
    await world.say(robotEnd, { type: "leave" });
    world.system.faults.set([]);
    await world.clock.advance(2 * limits.sweep.everyMs);
    expect(await leaseOf(world, robot)).toMatchObject({ state: "free", epoch: 2 });
    expect((await leaseOf(world, robot))?.undelivered).toBeUndefined();
    const again = await world.join(robot);
    expect(again.last("welcome")?.control?.control).toMatchObject({ epoch: 2 });
    await world.clock.advance(2 * limits.sweep.everyMs);
    expect(again.all("control.changed")).toEqual([]);
  });

  test("is told at once where the gateway fails for a moment, and nothing is written of it [D21]", async () => {
    const { world, robot, robotEnd, driver } = await attended();
    await world.say(driver, { type: "control.request" });
    const { outbox } = world.system.env;
    const { post } = outbox;
    const { connection } = JSON.parse(await world.item(robot, "robot"));
    let failures = 3;
    Object.assign(outbox, {
      post: async (...posted: Parameters<typeof post>) =>
        posted[0] === connection.id && failures-- > 0 ? ("failed" as const) : post(...posted),
    });
    robotEnd.clear();
    await world.say(driver, { type: "control.release" });
    expect(robotEnd.all("control.changed")).toMatchObject([{ because: "released" }]);
    expect((await leaseOf(world, robot))?.undelivered).toBeUndefined();
  });
});

const replacements = {
  "whose control was taken": (world: World, { boss }: Attended) => world.say(boss, { type: "control.take", reason: "mine" }),
  "whose grant was removed": (world: World, { robot }: Attended) => revocations["whose grant is removed"](world, robot),
  "who was made a viewer": (world: World, { robot }: Attended) => revocations["who is made a viewer"](world, robot),
};
type Attended = Awaited<ReturnType<typeof attended>>;

/** From the next write of a lease on the process does nothing any more. Answers whether there was one. */
function cutAfterLease({ system }: World): () => boolean {
  let isCut = false;
  system.requests.before((operation, request) => {
    if (isCut) return "cut";
    isCut = operation === "TransactWriteItems" && JSON.stringify(request).includes("controlLease");
    return isCut ? "lose" : "pass";
  });
  return () => isCut;
}

test.each(Object.entries(replacements))(
  "everyone is told of an operator %s within two sweeps where the process that wrote it ended before it told anyone [D21]",
  async (_, replace) => {
    const all = await attended();
    const { world, robot, robotEnd, driver, watcher } = all;
    await world.clock.advance(1_000);
    await world.say(driver, { type: "control.request" });
    robotEnd.clear();
    const isCut = cutAfterLease(world);
    await replace(world, all);
    await world.idle();
    world.system.requests.before(undefined);
    expect(isCut()).toBe(true);
    expect(robotEnd.all("control.changed")).toEqual([]);
    await world.clock.advance(2 * limits.sweep.everyMs);
    expect(robotEnd.all("control.changed")).toHaveLength(1);
    expect(robotEnd.last("control.changed")?.control.holder?.session).not.toBe(driver.session);
    expect(watcher.last("control.changed")?.control).toEqual(robotEnd.last("control.changed")?.control);
    expect((await leaseOf(world, robot))?.undelivered).toBeUndefined();
  },
);

test("everyone is told who drives within two sweeps where the process that gave control ended before it told anyone [D21]", async () => {
  const { world, robot, robotEnd, driver, watcher, clear } = await attended();
  await world.clock.advance(1_000);
  clear();
  cutAfterLease(world);
  await world.say(driver, { type: "control.request" });
  await world.idle();
  world.system.requests.before(undefined);
  // The client that asked asks again, and drives by the permit: nobody else hears of that.
  await world.say(driver, { type: "control.request" });
  expect(driver.last("control.granted")?.control.holder?.session).toBe(driver.session);
  expect([robotEnd.all("control.changed"), watcher.all("control.changed")]).toEqual([[], []]);
  await world.clock.advance(2 * limits.sweep.everyMs);
  for (const end of [robotEnd, watcher]) {
    expect(end.all("control.changed")).toMatchObject([{ because: "granted", control: { holder: { session: driver.session } } }]);
  }
  expect((await leaseOf(world, robot))?.undelivered).toBeUndefined();
});

test("who gets control where nobody looks on drives by the permit alone where the process that gave it ended before it told anyone [D21, R2, R3]", async () => {
  const { world, robot, guard, operate, take, stops } = await createDriving();
  const ada = await operate(operator);
  const isCut = cutAfterLease(world);
  ada.drive.request();
  await world.idle();
  world.system.requests.before(undefined);
  expect([isCut(), guard.holder]).toEqual([true, undefined]);
  await ada.acquire();
  expect(guard.holder?.session).toBe(ada.id);
  take();
  expect(new Set(await ada.go(2 * limits.control.trustMs))).toEqual(new Set([undefined]));
  expect([stops(), guard.holder?.session]).toEqual([[], ada.id]);
  expect((await leaseOf(world, robot))?.undelivered).toBeUndefined();
});

test("who takes control of a robot that is told in time leaves nothing noted, and it is told once [D21]", async () => {
  const { world, robot, robotEnd, driver, boss } = await attended();
  await world.say(driver, { type: "control.request" });
  robotEnd.clear();
  await world.say(boss, { type: "control.take", reason: "mine" });
  expect((await leaseOf(world, robot))?.undelivered).toBeUndefined();
  await world.clock.advance(2 * limits.sweep.everyMs);
  expect(robotEnd.all("control.changed")).toHaveLength(1);
});

test("what a robot is told in time costs no write more where its holder let go [D21]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot);
  const driver = await world.join(robot, operator);
  await world.say(driver, { type: "control.request" });
  world.system.requests.reset();
  await world.say(driver, { type: "control.release" });
  expect(world.system.requests.counts()).toEqual({ Query: 1, TransactWriteItems: 1 });
});
