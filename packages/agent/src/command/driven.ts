import type { Attend } from "../attend.ts";
import type { Ended } from "../driver/driver.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { operate } from "../peer/operate.ts";
import { openLatch } from "../state/latch.ts";
import type { World } from "./world.ts";

/** A robot that can be driven. */
export type Driven = { readonly attend: Attend; readonly ended: Promise<Ended>; close(): Promise<void> };

type Env = Pick<World, "platform" | "say" | "stopped" | "openDriver" | "files"> & { readonly config: Pick<World["config"], "state"> };

/** Makes the driver ready. Answers why it is not where it ends before that, or the agent is to. */
export async function drivenBy(
  { platform, say, stopped, openDriver, files, config }: Env,
  named: string,
): Promise<Driven | Ended | Trouble | "done"> {
  const clock = platform.steady ?? platform.clock;
  const latch = await openLatch(files, config.state, String(platform.random.fraction()));
  if (isTrouble(latch)) return latch;
  if (!latch.isKept) say.event(`${config.state} cannot be written: the robot starts stopped.`, { event: "state.unwritable" });
  const driver = openDriver(named, { clock, say });
  const { ended = new Promise<never>(() => {}) } = driver;
  const came = await Promise.race([ended, aborted(stopped), driver.start().then(() => "ready" as const)]);
  if (came !== "ready") {
    await driver.close();
    return came;
  }
  // Only who drives needs it, and not every machine has it.
  const { webRtc } = await import("../peer/webrtc.ts");
  return {
    attend: (session) => operate({ session, driver, clock, webRtc, say, latch }),
    ended,
    async close() {
      await driver.close();
      await latch.settled();
    },
  };
}

function aborted(signal: AbortSignal): Promise<"done"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("done");
    signal.addEventListener("abort", () => resolve("done"), { once: true });
  });
}
