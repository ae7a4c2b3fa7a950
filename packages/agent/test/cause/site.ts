import { operator } from "../../../local/test/world/open-world.ts";
import { createMachine, type Machine } from "./machine.ts";
import { openTab, type Tab } from "./tab.ts";
import type { Town } from "./town.ts";

/** A robot with its computer, and an operator's page that watches it from beginning to end. */
export type Site = { readonly town: Town; readonly machine: Machine; readonly watcher: Tab };

export async function createSite(town: Town): Promise<Site> {
  const robot = await town.createRobot();
  const machine = createMachine(town, robot);
  await machine.execute(["enroll", town.world.system.origin, await town.codeFor(robot)]);
  machine.start();
  return { town, machine, watcher: openTab(town, robot, operator) };
}
