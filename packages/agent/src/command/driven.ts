import type { RobotSession } from "@tether/sdk/robot";
import type { Attend } from "../attend.ts";
import type { Ended } from "../driver/driver.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { operate } from "../peer/operate.ts";
import { openStatus } from "../state/driver-status.ts";
import { openLatch } from "../state/latch.ts";
import type { Running } from "../state/running.ts";
import type { World } from "./world.ts";

/** A driver that is not ready after this long, in ms, is told. It may have a model to load, so it is not ended. */
const startMs = 10_000;

/** A robot that can be driven. */
export type Driven = { readonly attend: Attend; readonly ended: Promise<Ended>; close(): Promise<void> };

type Env = Pick<World, "platform" | "say" | "stopped" | "openDriver" | "files"> & { readonly config: Pick<World["config"], "state"> };

/** Makes the driver ready. Answers why it is not where it ends before that, or the agent is to. */
export async function drivenBy(
  { platform, say, stopped, openDriver, files, config }: Env,
  named: string,
  running: Pick<Running, "path" | "textFor">,
): Promise<Driven | Ended | Trouble | "done"> {
  const clock = platform.steady ?? platform.clock;
  const latch = await openLatch(files, config.state, String(platform.random.fraction()));
  if (isTrouble(latch)) return latch;
  if (!latch.isKept) say.event(`${config.state} cannot be written: the robot starts stopped.`, { event: "state.unwritable" });
  let current: RobotSession | undefined;
  const driver = openDriver(named, {
    clock,
    say,
    interrupted: () => current?.report({ cause: "agent.hung" }),
    ifHung: { path: running.path, text: running.textFor({ cause: "agent.hung" }) },
  });
  const diary = openStatus(files, config.state);
  diary.note({ state: "starting" });
  const cancel = clock.after(startMs, () => {
    diary.note({ state: "hung", during: "start" });
    say.event(`The driver is not ready after ${startMs / 1_000} s.`, { event: "driver.hung", during: "start" });
    wasLate = true;
  });
  let wasLate = false;
  const { ended = new Promise<never>(() => {}) } = driver;
  void ended.then(({ status, signal, cause }) =>
    diary.note({ state: "ended", status, ...(signal && { signal }), ...(cause && { cause }) }),
  );
  const came = await Promise.race([ended, aborted(stopped), driver.start().then(() => "ready" as const)]);
  cancel();
  if (came !== "ready") {
    await driver.close();
    if (came === "done") diary.note({ state: "closed" });
    await diary.settled();
    return came;
  }
  // Only who drives needs it, and not every machine has it.
  const { webRtc } = await import("../peer/webrtc.ts");
  diary.note({ state: "ready" });
  let wasEnded = false;
  void ended.then(() => {
    wasEnded = true;
  });
  return {
    attend(session) {
      current = session;
      session.on("state", ({ status }) => {
        if (status !== "online" || !wasLate) return;
        wasLate = false;
        session.report({ cause: "driver.hung", during: "start" });
      });
      return operate({ session, driver, clock, webRtc, say, latch });
    },
    ended,
    async close() {
      await driver.close();
      if (!wasEnded) diary.note({ state: "closed" });
      await Promise.all([latch.settled(), diary.settled()]);
    },
  };
}

function aborted(signal: AbortSignal): Promise<"done"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("done");
    signal.addEventListener("abort", () => resolve("done"), { once: true });
  });
}
