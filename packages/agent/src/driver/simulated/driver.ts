import type { Clock } from "@tether/sdk/clock";
import { type CommandOf, declareRobot } from "@tether/sdk/robot";
import type { Driver } from "../driver.ts";
import { look } from "./camera.ts";
import { advance, atRest, halt, isAtRest, standsWithinMs, velocity, want } from "./motion.ts";
import { type World, yard } from "./world.ts";

/** Slower than its wheels could: its yard is small. */
export const declaration = declareRobot({
  kind: "differential",
  axes: [
    { name: "linear", unit: "m/s", least: -0.6, most: 0.6, title: "Ahead" },
    { name: "angular", unit: "rad/s", least: -1.2, most: 1.2, title: "Left" },
  ],
  buttons: [{ name: "lights", title: "Lights" }],
  telemetry: [
    { name: "pose.x", unit: "m", title: "East" },
    { name: "pose.y", unit: "m", title: "North" },
    { name: "pose.heading", unit: "rad", title: "Heading" },
    { name: "velocity.linear", unit: "m/s", title: "Speed" },
    { name: "velocity.angular", unit: "rad/s", title: "Turning" },
    { name: "bumped", title: "Bumped" },
    { name: "lights", title: "Lights" },
  ],
});

/** m/s ahead, rad/s counterclockwise. */
function velocityOf(command: unknown): CommandOf<typeof declaration> {
  const { linear, angular } = command as Partial<CommandOf<typeof declaration>>;
  if (linear === undefined || angular === undefined || !Number.isFinite(linear) || !Number.isFinite(angular))
    throw new TypeError("This is no command of the simulated robot.");
  return { linear, angular };
}

const telemetryMs = 200;
const frameMs = 66;

/** A robot with two wheels and a camera in a small walled world. No timer runs without viewers: its place is computed from the clock. */
export function createSimulated(clock: Clock, world: World = yard): Driver {
  let motion = atRest(world, clock.now());
  let lights = false;
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
      motion = want(now(), velocityOf(command));
    },
    press() {
      lights = !lights;
    },
    declaration,
    stop() {
      motion = halt(now());
      return stands();
    },
    telemetry: (tell) =>
      repeat(telemetryMs, () => {
        const { pose, bumped } = now();
        tell({ pose, velocity: velocity(motion), bumped, lights });
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
