import type { Actor } from "@tether/protocol/actor";
import { Presence } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { identityOf } from "../../../local/test/world/identity.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { operator, owner } from "../../../local/test/world/world.ts";
import { reportStop } from "../../src/control/index.ts";

async function start() {
  const all = await attended();
  const { world, robot } = all;
  const presence = async () => {
    // The index by which robots are listed is behind the table.
    await world.idle();
    const one = (await world.call<{ presence: unknown }>("GET", `/v1/robots/${robot.id}`, { as: owner })).body.presence;
    const page = (await world.call<{ items: { id: string; presence: unknown }[] }>("GET", "/v1/robots", { as: owner })).body.items;
    expect(page.find(({ id }) => id === robot.id)?.presence).toEqual(one);
    return Presence.parse(one);
  };
  const entries = async () =>
    (await world.timeline(robot))
      .filter(({ type }) => type === "robot.latched" || type === "robot.resumed")
      .map(({ type, actor }) => [type, (actor as Actor).id]);
  return { ...all, presence, entries };
}

test("a stop in force stands in the robot's presence, with whose it is, until its resume; each is on the timeline once [P13]", async () => {
  const { world, robotEnd, watcher, driver, presence, entries } = await start();
  const [began, resumed] = [
    { type: "report", stop: { inForce: true, session: watcher.session } },
    { type: "report", stop: { inForce: false, session: driver.session } },
  ] as const;
  const at = world.clock.now();
  for (const frame of [began, began]) await world.say(robotEnd, JSON.parse(JSON.stringify(frame)));
  const { stop } = await presence();
  expect(stop).toMatchObject({ by: { type: "user", id: expect.any(String) }, since: at });
  for (const frame of [resumed, resumed]) await world.say(robotEnd, JSON.parse(JSON.stringify(frame)));
  expect((await presence()).stop).toBeUndefined();
  const [latest, first, ...more] = await entries();
  expect([latest?.[0], first, more]).toEqual(["robot.resumed", ["robot.latched", stop?.by.id], []]);
});

test("a stop in force outlives the robot's session, and one from before its program is nobody's [P13]", async () => {
  const { world, robot, robotEnd, presence } = await start();
  await world.say(robotEnd, { type: "report", stop: { inForce: true } });
  await world.say(robotEnd, { type: "leave" });
  expect(await presence()).toMatchObject({ state: "offline", stop: { by: { type: "robot", id: robot.id } } });
});

test("whoever the broker said had pressed STOP is named; a session that is not the robot's names nobody [P13]", async () => {
  const { world, robotEnd, presence } = await start();
  const by = { type: "user", id: "u-elsewhere", name: "Vera" } as const;
  await world.say(robotEnd, { type: "report", stop: { inForce: true, by } });
  expect((await presence()).stop?.by).toEqual(by);
  await world.say(robotEnd, { type: "report", stop: { inForce: false } });
  const stranger = world.system.env.ids.next("ClientSessionId");
  await world.say(robotEnd, JSON.parse(JSON.stringify({ type: "report", stop: { inForce: true, session: stranger, by } })));
  expect((await presence()).stop?.by).toMatchObject({ type: "robot" });
});

test("a client's word of a stop, and one that cannot be read, change nothing [P13]", async () => {
  const { world, robot, robotEnd, presence, entries } = await start();
  const client = await world.join(robot, operator);
  await world.say(client, { type: "report", stop: { inForce: true } });
  await world.say(robotEnd, JSON.parse('{"type":"report","stop":{"inForce":"yes"}}'));
  expect([(await presence()).stop, await entries()]).toEqual([undefined, []]);
});

test("a word of a stop that another invocation wrote meanwhile, or for a robot that is another cell's, is not written again [P13]", async () => {
  const { world, robot, robotEnd, entries } = await start();
  const { env, store } = world.system;
  const from = await identityOf(world, robot, robotEnd);
  const say = (inForce: boolean) => reportStop(env, from, { inForce });
  for (const inForce of [true, false]) {
    meanwhile(world, () => say(inForce));
    expect(await say(inForce)).toBeUndefined();
  }
  expect((await entries()).map(([type]) => type)).toEqual(["robot.resumed", "robot.latched"]);
  for (const inForce of [true, false]) {
    await store.entities.robot.patch({ robotId: robot.id }).remove(["movedTo"]).go();
    if (!inForce) await say(true);
    await store.entities.robot.patch({ robotId: robot.id }).set({ movedTo: "other" }).go();
    await say(inForce);
  }
  await store.entities.robot.patch({ robotId: robot.id }).remove(["movedTo"]).go();
  expect((await entries()).map(([type]) => type)).toEqual(["robot.latched", "robot.resumed", "robot.latched"]);
  // A report of what is known already starts no transaction.
  world.system.requests.reset();
  await say(true);
  expect(world.system.requests.counts()).not.toHaveProperty("TransactWriteItems");
});

test("a word of a stop counts from the connection that has the session, and for a robot that is there [P13]", async () => {
  const { world, robot, robotEnd, entries } = await start();
  const { env, store } = world.system;
  const from = await identityOf(world, robot, robotEnd);
  expect(await reportStop(env, { ...from, epoch: 2 }, { inForce: true })).toEqual({ problem: "session.superseded" });
  expect(await reportStop(env, { ...from, sessionId: from.sessionId.replace(/.$/, "_") as never }, { inForce: true })).toEqual({
    problem: "session.superseded",
  });
  expect(await entries()).toEqual([]);
  await store.entities.robot.delete({ robotId: robot.id }).go();
  expect(await reportStop(env, from, { inForce: true })).toBeUndefined();
  const { data } = await store.entities.timelineEvent.query.primary({ robotId: robot.id }).go();
  expect(data.filter(({ type }) => type === "robot.latched")).toEqual([]);
});
