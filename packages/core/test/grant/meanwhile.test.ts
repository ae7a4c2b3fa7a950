import { list } from "@tether/core/grant";
import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { admin, createWorld, type KeyHolder, operator, owner, stranger, viewer, type World } from "../../../local/test/world/world.ts";

const path = ({ id }: KeyHolder) => `/v1/robots/${id}/grants`;
const give = ({ call }: World, robot: KeyHolder, to: string, role: string, as = owner) =>
  call("PUT", path(robot), { as, body: { to, role } });
const take = ({ call }: World, robot: KeyHolder, to: string, as = owner) =>
  call("DELETE", `${path(robot)}?to=${encodeURIComponent(to)}`, { as });
const subOf = async (world: World, as: string) => `sub:${(await world.call<{ id: string }>("GET", "/v1/users/me", { as })).body.id}`;

/** Writes a role as another invocation would, without any check. */
async function put({ system }: World, robot: KeyHolder, to: string, role: "owner" | "operator" | "viewer") {
  await system.store.entities.grant.patch({ robotId: robot.id, to }).set({ role }).go();
}

/** Makes the grantee an owner while each transaction is under way, and no more. Answers how many transactions there were. */
function ownerInEachWrite(world: World, robot: KeyHolder, to: string): () => number {
  const { transaction } = world.system.store;
  const { write } = transaction;
  let count = 0;
  transaction.write = ((build: never) => ({
    async go() {
      count++;
      await put(world, robot, to, "owner");
      const outcome = await write(build).go();
      await put(world, robot, to, "operator");
      return outcome;
    },
  })) as never;
  return () => count;
}

test.each([
  ["given", (world: World, robot: KeyHolder) => give(world, robot, `email:${operator}`, "viewer")],
  ["taken", (world: World, robot: KeyHolder) => take(world, robot, `email:${operator}`)],
])("a role that changes each of five times while it is %s stays as it is, and the caller is told to try later", async (_what, act) => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const before = await world.timeline(robot);
  const count = ownerInEachWrite(world, robot, `email:${operator}`);
  const { status, body } = await act(world, robot);
  expect([status, body.code, count()]).toEqual([503, "unavailable", 5]);
  expect(await world.timeline(robot)).toEqual(before);
});

test("a role on a robot that is deleted meanwhile is given to nobody", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  meanwhile(world, () => world.system.store.entities.robot.delete({ robotId: robot.id }).go());
  const { status, body } = await give(world, robot, `email:${stranger}`, "viewer");
  expect([status, body.code]).toEqual([404, "robot.unknown"]);
});

test("a grantee who becomes the only owner while a lesser role of theirs is taken stays the owner", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const sub = await subOf(world, owner);
  meanwhile(world, async () => {
    await put(world, robot, `email:${operator}`, "owner");
    await put(world, robot, sub, "viewer");
  });
  expect((await take(world, robot, `email:${operator}`)).body.code).toBe("grant.last-owner");
});

test("a lesser role is taken whatever becomes of the robot's owners meanwhile", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const sub = await subOf(world, owner);
  meanwhile(world, () => put(world, robot, sub, "viewer"));
  expect((await take(world, robot, `email:${operator}`)).status).toBe(204);
});

test("ownership is given where there is no other owner: to the owner again, and by an admin where none is left", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const sub = await subOf(world, owner);
  expect((await give(world, robot, sub, "owner")).status).toBe(200);
  await put(world, robot, sub, "viewer");
  expect((await give(world, robot, `email:${operator}`, "owner", admin)).status).toBe(200);
});

test("whether another owner is left is not read from a stale copy", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await give(world, robot, `email:${operator}`, "owner");
  await world.clock.advance(1_000);
  world.system.faults.set([{ name: "store.stale", windowMs: 500, rate: 1 }]);
  await give(world, robot, `email:${operator}`, "viewer");
  expect((await take(world, robot, await subOf(world, owner))).body.code).toBe("grant.last-owner");
});

test("the last owner whose role is not made less keeps control and goes on monitoring", async () => {
  const { world, robot, boss } = await attended();
  const monitor = await world.join(robot, owner, { features: ["monitor"] });
  await world.say(boss, { type: "control.request" });
  expect((await give(world, robot, await subOf(world, owner), "viewer")).body.code).toBe("grant.last-owner");
  expect([boss.all("control.changed").map(({ because }) => because), monitor.all("monitor.ended")]).toEqual([["granted"], []]);
});

test("monitoring ends with ownership alone, also for a session that began this moment", async () => {
  const { world, robot, driver } = await attended();
  await give(world, robot, `email:${operator}`, "owner");
  await world.clock.advance(1_000);
  world.system.faults.set([{ name: "store.stale", windowMs: 500, rate: 1 }]);
  const monitor = await world.join(robot, operator, { features: ["monitor"] });
  expect(monitor.last("welcome")?.features).toEqual(["monitor"]);
  await give(world, robot, `email:${operator}`, "owner");
  expect(monitor.all("monitor.ended")).toEqual([]);
  await give(world, robot, `email:${operator}`, "operator");
  expect(monitor.all("monitor.ended")).toHaveLength(1);
  expect([driver.all("monitor.ended"), driver.closed]).toEqual([[], undefined]);
});

test("a session that began this moment ends with its grant", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.clock.advance(1_000);
  world.system.faults.set([{ name: "store.stale", windowMs: 500, rate: 1 }]);
  const client = await world.join(robot, operator);
  await take(world, robot, `email:${operator}`);
  expect(client.last("bye")?.cause).toBe("grant.removed");
});

test("a grant that is gone is unknown, unless a session is left of it: then it ends, and the grant counts as taken", async () => {
  const { world, robot, driver, watcher } = await attended();
  expect((await take(world, robot, `email:${stranger}`)).body.code).toBe("grant.unknown");
  await world.system.store.entities.grant.delete({ robotId: robot.id, to: `email:${operator}` }).go();
  expect((await take(world, robot, `email:${operator}`)).status).toBe(204);
  expect([driver.last("bye")?.cause, watcher.closed]).toEqual(["grant.removed", undefined]);
  expect((await take(world, robot, `email:${operator}`)).body.code).toBe("grant.unknown");
});

test("a connection that has not said hello is cut with its grant; its session, which stands on another grant, goes on", async () => {
  const { world, robot, driver } = await attended();
  const sub = await subOf(world, operator);
  await give(world, robot, sub, "owner");
  const { body } = await world.ticketFor.client(robot, operator, { session: driver.session });
  const pending = await world.connect(body.ticket);
  expect(pending.status).toBe(101);
  expect((await take(world, robot, sub)).status).toBe(204);
  await world.idle();
  expect([pending.last("bye")?.cause, pending.closed?.code, driver.closed]).toEqual(["grant.removed", 1000, undefined]);
});

test("the grants come in pages, each once", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const caller = { sub: "admin", groups: ["admins"], issuedAt: world.clock.now(), expiresAt: world.clock.now() + 60_000 };
  const sizes: number[] = [];
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ store: world.system.store }, caller, robot.id, { cursor, limit: 2 });
    if ("problem" in page) throw new Error(page.problem);
    sizes.push(page.items.length);
    found.push(...page.items.map(({ to }) => to));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(sizes).toEqual([2, 1]);
  expect(found.sort()).toEqual([`email:${operator}`, `email:${viewer}`, await subOf(world, owner)].sort());
});
