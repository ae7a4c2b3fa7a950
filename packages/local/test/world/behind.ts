import { createWorld } from "./world.ts";

/** A robot in a store whose copies are a minute behind: a read that may be stale knows of no session. */
export async function behind() {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.clock.advance(61_000);
  world.system.faults.set([{ name: "store.stale", windowMs: 60_000, rate: 1 }]);
  /** The timeline as it is. */
  const timeline = async () => {
    world.system.faults.set([]);
    return world.timeline(robot);
  };
  return { world, robot, timeline };
}
