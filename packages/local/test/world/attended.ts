import { createWorld, operator, owner, viewer } from "./world.ts";

/** A robot, an operator, an owner and a viewer, all online. */
export async function attended() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot);
  const [driver, boss, watcher] = [await world.join(robot, operator), await world.join(robot, owner), await world.join(robot, viewer)];
  const all = [robotEnd, driver, boss, watcher];
  return {
    world,
    robot,
    robotEnd,
    driver,
    boss,
    watcher,
    all,
    clear() {
      for (const end of all) end.clear();
    },
    policy: (control: object) => world.call("PATCH", `/v1/robots/${robot.id}`, { as: owner, body: { control } }),
  };
}
