import type { Actor } from "@tether/protocol/actor";
import { Presence } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { operator, owner } from "../../../local/test/world/world.ts";

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
  const { world, robotEnd, watcher, presence } = await start();
  const by = { type: "user", id: "u-elsewhere", name: "Vera" } as const;
  await world.say(robotEnd, { type: "report", stop: { inForce: true, by } });
  expect((await presence()).stop?.by).toEqual(by);
  await world.say(robotEnd, { type: "report", stop: { inForce: false } });
  const stranger = watcher.session.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
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
