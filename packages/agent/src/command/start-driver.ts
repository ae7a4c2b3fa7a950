import { join } from "node:path";
import type { TrackKind } from "@tether/protocol/peer";
import type { Clock } from "@tether/sdk/clock";
import type { Guard, RobotSession } from "@tether/sdk/robot";
import type { Driver, Ended } from "../driver/driver.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import type { HandleSession } from "../observer.ts";
import { startMedia } from "../peer/native/media.ts";
import { cameraPictures } from "../peer/native/pictures.ts";
import { operate } from "../peer/operate.ts";
import { driverFrames, type OpenPictures } from "../peer/pictures.ts";
import { stackOf } from "../peer/stack.ts";
import { openDriverStatus } from "../state/driver-status.ts";
import { manoeuvrePathIn, takeLastManoeuvre } from "../state/last-manoeuvre.ts";
import { openLatch } from "../state/latch.ts";
import type { RunMark } from "../state/run-mark.ts";
import type { CommandEnv } from "./env.ts";

/** A driver that is not ready after this time, in ms, is reported. It may have a model to load, so it is not ended. */
const startMs = 10_000;

/** A driver that is ready for commands. */
export type ReadyDriver = {
  /** The kinds of the tracks that its clients get. */
  readonly tracks: readonly TrackKind[];
  readonly handleSession: HandleSession;
  readonly ended: Promise<Ended>;
  isDriven(): boolean;
  close(): Promise<void>;
};

type Env = Pick<CommandEnv, "platform" | "say" | "stopped" | "openDriver" | "files"> & {
  readonly config: Pick<CommandEnv["config"], "state"> &
    Partial<Pick<CommandEnv["config"], "cameras" | "microphone" | "speaker" | "robot">>;
};

/** Starts the driver. Resolves with it once it is ready, or with the reason why it is not. */
export async function startDriver(
  { platform, say, stopped, openDriver, files, config }: Env,
  named: string,
  running: Pick<RunMark, "path" | "textFor">,
): Promise<ReadyDriver | Ended | Trouble | "done"> {
  const clock = platform.steady ?? platform.clock;
  const latch = await openLatch(files, config.state, String(platform.random.fraction()));
  if (isTrouble(latch)) return latch;
  if (!latch.isKept) say.event(`${config.state} cannot be written: the robot starts stopped.`, { event: "state.unwritable" });
  let current: RobotSession | undefined;
  const driver = openDriver(named, {
    clock,
    say,
    interrupted: () => current?.report({ cause: "agent.hung" }),
    watched: {
      ifHung: { path: running.path, text: running.textFor({ cause: "agent.hung" }) },
      lock: join(config.state, "driver.lock"),
      manoeuvre: manoeuvrePathIn(config.state),
    },
  });
  const statusFile = openDriverStatus(files, config.state);
  statusFile.note({ state: "starting" });
  const cancel = clock.after(startMs, () => {
    statusFile.note({ state: "hung", during: "start" });
    say.event(`The driver is not ready after ${startMs / 1_000} s.`, { event: "driver.hung", during: "start" });
    wasLate = true;
  });
  let wasLate = false;
  const { ended = new Promise<never>(() => {}) } = driver;
  void ended.then(({ status, signal, cause }) =>
    statusFile.note({ state: "ended", status, ...(signal && { signal }), ...(cause && { cause }) }),
  );
  const came = await Promise.race([ended, aborted(stopped), driver.start().then(() => "ready" as const)]);
  cancel();
  if (came !== "ready") {
    await driver.close();
    if (came === "done") statusFile.note({ state: "closed" });
    await statusFile.flushed();
    return came;
  }
  const { cameras = [], microphone, speaker } = config;
  const recordings = join(config.state, "recordings");
  const isCarried = stackOf(config, driver.video !== undefined) === "libdatachannel";
  const media = isCarried
    ? startMedia({ clock, cameras, microphone, speaker, recordings, say, endWithAgent: driver.endWithAgent })
    : undefined;
  if (media && cameras.length === 0 && driver.video)
    say.event("The driver's own picture is not shown beside sound: name a camera.", { event: "picture.unshown" });
  const pictures = media ? cameraPictures(media) : await openFrames(driver, clock);
  statusFile.note({ state: "ready" });
  // Read once the driver runs: until then the supervisor of the run before may still be at it.
  let reportLast = await takeLastManoeuvre(files, config.state, platform.clock);
  let guard: Pick<Guard, "isHeld"> | undefined;
  let wasEnded = false;
  void ended.then(() => {
    wasEnded = true;
  });
  const trackCount = media ? cameras.length : Number(driver.video !== undefined);
  return {
    tracks: [...Array.from({ length: trackCount }, () => "video" as const), ...(microphone ? ["audio" as const] : [])],
    handleSession(session) {
      current = session;
      reportLast?.(session);
      reportLast = undefined;
      session.on("state", ({ status }) => {
        if (status !== "online" || !wasLate) return;
        wasLate = false;
        session.report({ cause: "driver.hung", during: "start" });
      });
      return operate({
        session,
        driver,
        declaration: driver.declaration ?? config.robot,
        clock,
        pictures,
        recorder: cameras.length > 0 ? media : undefined,
        say,
        latch,
        onGuard: (made) => {
          guard = made;
        },
      });
    },
    ended,
    isDriven: () => guard?.isHeld ?? false,
    async close() {
      await driver.close();
      await media?.close();
      if (!wasEnded) statusFile.note({ state: "closed" });
      await Promise.all([latch.flushed(), statusFile.flushed()]);
    },
  };
}

/** Loads the stack that encodes frames late: not every robot needs it, and not every machine has its binary. */
async function openFrames(driver: Driver, clock: Clock): Promise<OpenPictures> {
  const { webRtc } = await import("../peer/webrtc.ts");
  return driverFrames({ driver, clock, webRtc });
}

function aborted(signal: AbortSignal): Promise<"done"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("done");
    signal.addEventListener("abort", () => resolve("done"), { once: true });
  });
}
