import { keysIn, type TestKey } from "./key.ts";
import type { RawEnd } from "./raw-end.ts";
import { createWorld, greeting } from "./world.ts";

/** Instances of one robot, each of which may ask for tickets and say hello. */
export const [first, second, third] = ["ins_aaaaaaaa", "ins_bbbbbbbb", "ins_cccccccc"] as const;

/** A robot with a key, as which several instances come. */
export async function createInstances() {
  const world = await createWorld();
  const keys = keysIn(world);
  const { robot, key } = await keys.enrolled();
  const ask = (more: object = {}, by: TestKey = key) => keys.ticket(robot, by, more);

  /** Asks for a ticket, connects, and says hello as this instance. */
  async function join(instance: string, by: TestKey = key): Promise<RawEnd> {
    const { body } = await ask({ instance }, by);
    const end = await world.connect(body.ticket);
    await world.say(end, { type: "hello", ...greeting, instance });
    return end;
  }

  return { ...keys, world, robot, key, ask, join, clones: () => keys.events(robot, "credential.cloned") };
}
