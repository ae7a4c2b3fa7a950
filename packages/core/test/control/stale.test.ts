import { expect, test } from "vitest";
import { behind } from "../../../local/test/world/behind.ts";
import { operator, owner, viewer } from "../../../local/test/world/world.ts";

test("in sessions that began this moment control is given, stop reaches the robot, and the robot's word of it counts [D1, D14, D19, P13]", async () => {
  const { world, robot, timeline } = await behind();
  const [robotEnd, driver, watcher] = [await world.join(robot), await world.join(robot, operator), await world.join(robot, viewer)];
  await world.say(driver, { type: "control.request" });
  expect(driver.last("control.granted")?.control).toMatchObject({ epoch: 1, holder: { session: driver.session } });
  await world.say(watcher, { type: "stop", reason: "smoke" });
  expect(robotEnd.last("stop")).toMatchObject({ session: watcher.session, reason: "smoke" });
  expect((await world.call("POST", `/v1/robots/${robot.id}/stop`, { as: owner, body: {} })).status).toBe(204);
  await world.idle();
  expect(robotEnd.all("stop")).toHaveLength(2);
  for (const inForce of [true, false, false]) await world.say(robotEnd, { type: "report", stop: { inForce } });
  const stops = (await timeline()).filter(({ type }) => type === "robot.latched" || type === "robot.resumed");
  expect(stops.map(({ type, inferred }) => [type, inferred])).toEqual([
    ["robot.resumed", false],
    ["robot.latched", false],
  ]);
});
