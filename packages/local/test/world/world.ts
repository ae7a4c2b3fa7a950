import { onTestFinished } from "vitest";
import { openWorld, type WorldOptions } from "./open-world.ts";

export * from "./open-world.ts";

/** The whole system on a virtual clock, with ends that speak frames by hand. It ends with the test. */
export async function createWorld(options: WorldOptions = {}) {
  const world = await openWorld(options);
  onTestFinished(() => world.system.stop());
  return world;
}
