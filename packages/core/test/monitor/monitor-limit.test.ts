import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { admin, createWorld, operator, owner, viewer } from "../../../local/test/world/world.ts";
import { features, seen, signal } from "./monitored.ts";

test("who is no owner, or one too many, is told that it does not monitor, and sees nothing [M1]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot, undefined, { features });
  const [client, watcher] = [await world.join(robot, operator, { features }), await world.join(robot, viewer, { features })];
  const plain = await world.join(robot, owner);
  const monitors = [];
  for (let n = 0; n < limits.monitor.perRobot; n++) monitors.push(await world.join(robot, n % 2 ? owner : admin, { features }));
  const more = await world.join(robot, owner, { features });
  const given = (end: RawEnd) => end.last("welcome")?.features;
  expect([robotEnd, client, watcher, more].map(given)).toEqual([[], [], [], []]);
  expect(plain.last("welcome")).not.toHaveProperty("features");
  expect(monitors.map(given)).toEqual(monitors.map(() => ["monitor"]));
  const { body } = await world.call<{ items: { id: string; monitors?: boolean }[] }>("GET", `/v1/robots/${robot.id}/sessions`, {
    as: owner,
  });
  const listed = body.items.filter((session) => session.monitors).map(({ id }) => id);
  expect(listed.sort()).toEqual(monitors.map(({ session }) => session).sort());
  await world.say(client, signal(robotEnd, 1));
  expect([robotEnd, client, watcher, plain, more].flatMap(seen)).toEqual([]);
  expect(monitors.map((end) => seen(end).length)).toEqual(monitors.map(() => 1));
  await world.say(monitors[0] as RawEnd, { type: "leave" });
  expect(given(await world.join(robot, owner, { features }))).toEqual(["monitor"]);
});
