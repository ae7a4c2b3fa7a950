import type { Clock } from "@tether/sdk/clock";
import * as z from "zod/mini";
import type { Driver } from "../driver.ts";
import { look } from "./camera.ts";
import { advance, atRest, halt, isAtRest, standsWithinMs, velocity, want } from "./motion.ts";
import { type World, yard } from "./world.ts";

/** m/s ahead, rad/s counterclockwise. */
export const Command = z.object({ linear: z.number(), angular: z.number() });

const telemetryMs = 200;
const frameMs = 66;

/** A robot with two wheels and a camera in a small walled world. No timer runs without viewers: its place is computed from the clock. */
export function createSimulated(clock: Clock, world: World = yard): Driver {
  let motion = atRest(world, clock.now());
  const now = () => {
    motion = advance(world, motion, clock.now());
    return motion;
  };

  /** Calls `run` now and then every `ms`, until the returned function is called. */
  function repeat(ms: number, run: () => void): () => void {
    let cancel = () => {};
    const again = () => {
      cancel = clock.after(ms, again);
      run();
    };
    again();
    return () => cancel();
  }

  /** Resolves when the robot stands. It checks again because a timer may fire a little early. */
  async function stands(): Promise<void> {
    while (!isAtRest(now())) await new Promise<void>((resolve) => clock.after(standsWithinMs / 4, resolve));
  }

  return {
    async start() {},
    command(command) {
      motion = want(now(), Command.parse(command));
    },
    stop() {
      motion = halt(now());
      return stands();
    },
    telemetry: (tell) =>
      repeat(telemetryMs, () => {
        const { pose, bumped } = now();
        tell({ pose, velocity: velocity(motion), bumped });
      }),
    video(show) {
      let count = 0;
      return repeat(frameMs, () => {
        const { pose } = now();
        const takenAt = clock.now();
        show({ ...look(world, pose, count, Math.round(takenAt) % 2 ** 32), takenAt });
        count += 1;
      });
    },
    async close() {
      motion = halt(now());
      await stands();
    },
  };
}
