import { webcrypto } from "node:crypto";
import { trackSubtle } from "@tether/local/clock/subtle";
import { createMachine, type Machine } from "../cause/machine.ts";
import { minute, openTown, type Town } from "../cause/town.ts";
import { createMemoryDisk } from "../memory-disk.ts";

export type Disk = ReturnType<typeof createMemoryDisk>;

/** A robot that is enrolled and has been online, at the moment before something happens to it. */
export type Before = {
  readonly town: Town;
  readonly machine: Machine;
  readonly disk: Disk;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Makes an action happen, which may take time. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Lets up to so much time pass until the robot is online; resolves with whether it is. */
  isBackWithin(ms: number): Promise<boolean>;
};

/** The world in which all calamities happen, one robot after another. */
export async function openCalamities() {
  await import("../../src/peer/webrtc.ts");
  const town = await openTown(1);
  const { world } = town;
  const untrack = trackSubtle(world.quiet, webcrypto.subtle);

  async function during<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const settled = work.finally(() => {
      isOver = true;
    });
    while (!isOver) await world.clock.advance(1_000);
    return settled;
  }

  return {
    async before(): Promise<Before> {
      const disk = createMemoryDisk();
      const robot = await town.createRobot();
      const machine = createMachine(town, robot, disk);
      await during(machine.execute(["enroll", world.system.origin, await town.codeFor(robot)]));
      const before: Before = {
        town,
        machine,
        disk,
        pass: (ms) => world.clock.advance(ms),
        during,
        async isBackWithin(ms) {
          for (let passed = 0; passed < ms && !machine.isOnline(); passed += 10_000) await world.clock.advance(10_000);
          return machine.isOnline();
        },
      };
      machine.start();
      if (!(await before.isBackWithin(minute))) throw new Error("The robot did not come online.");
      return before;
    },
    async close(): Promise<void> {
      untrack();
      await world.system.stop();
    },
  };
}
