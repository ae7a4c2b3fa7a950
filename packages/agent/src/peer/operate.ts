import type { Say } from "@tether/program/say";
import type { Declaration } from "@tether/protocol/declaration";
import type { Clock } from "@tether/sdk/clock";
import { follow } from "@tether/sdk/peer/follow";
import type { Guard, RobotSession } from "@tether/sdk/robot";
import type { Driver } from "../driver/driver.ts";
import { originOf } from "../media/error-origin.ts";
import type { Latch } from "../state/latch.ts";
import { failedConnection } from "./failed.ts";
import { latest } from "./latest.ts";
import type { Media } from "./native/media.ts";
import type { OpenPictures } from "./pictures.ts";
import { createViewers, joinAll } from "./viewers.ts";

/** The shortest time between two telemetry messages to viewers, in ms. */
export const telemetryMs = 200;

/** How long a client waits before it offers again, whose peer connection could not be made, in ms. */
const anotherMs = 5_000;

/** Stops that whoever drives meant. */
const orderly: ReadonlySet<string> = new Set(["released", "leaving", "deadman"]);

type Env = {
  readonly session: RobotSession;
  readonly driver: Driver;
  /** A monotonic clock. */
  readonly clock: Clock;
  readonly pictures: OpenPictures;
  /** Keeps what happened around a stop. */
  readonly recorder?: Pick<Media, "note" | "keep"> | undefined;
  /** The robot's declaration of itself. Default: that of its driver. */
  readonly declaration?: Declaration | undefined;
  readonly say: Say;
  /** Keeps a stop by order in force beyond the session. */
  readonly latch?: Latch;
  /** Called with the guard of the session, which knows whether somebody drives. */
  readonly onGuard?: (guard: Pick<Guard, "isHeld">) => void;
};

/**
 * Connects the clients of a session with the driver: one at a time drives, all of them get video and telemetry. Every command passes the
 * guard. The returned function ends this and resolves when the robot stands.
 */
export function operate({
  session,
  driver,
  declaration = driver.declaration,
  clock,
  pictures,
  recorder,
  say,
  latch,
  onGuard,
}: Env): () => Promise<void> {
  let isGone = false;
  const guard = session.guard({
    onCommand(command, { epoch, ageMs, limit, blindMs }) {
      if (isGone) throw new Error("The driver has ended.");
      driver.command(command, { epoch, ageMs, limit, blindMs });
      recorder?.note("/command", { command, epoch, ageMs, limit, blindMs });
    },
    onPress(button, given) {
      if (isGone) throw new Error("The driver has ended.");
      driver.press?.(button, given);
      say.event(`Pressed: ${button}.`, { event: "driver.pressed", button, epoch: given.epoch });
      recorder?.note("/event", { event: "driver.pressed", button, epoch: given.epoch });
    },
    declaration,
    stop: (reason) => driver.stop(reason),
    ...(latch && { isStopped: latch.isStopped, onOrder: (isStopped) => keep(latch, isStopped, say) }),
    onHolder: (holder) => media.setHolder(holder?.session),
    ...(driver.limits && { limits: true }),
    ...(driver.manoeuvre && { manoeuvre: driver.manoeuvre }),
    onStop(reason, measured) {
      say.event(`Stopped (${reason}).`, { event: "driver.stopped", reason, ...measured });
      recorder?.note("/event", { event: "driver.stopped", reason, ...measured });
      // An operator who lets go or leaves is no event that anyone wants to look into.
      if (!orderly.has(reason)) recorder?.keep(reason);
    },
  });
  onGuard?.(guard);
  // Nobody ordered this stop, so the next run must not begin with one in force.
  void driver.ended?.then(() => {
    isGone = true;
    guard.fail();
  });

  const media = pictures(guard);
  const viewers = createViewers(() => {
    const telemetry = latest(clock, telemetryMs, guard.telemetry);
    const put = (value: unknown) => {
      telemetry.put(value);
      recorder?.note("/telemetry", value);
    };
    const ends = [driver.telemetry(put), telemetry.close, media.show()];
    return () => {
      for (const end of ends) end();
    };
  });

  const close = follow({
    session,
    clock,
    polite: false,
    canRestart: media.canRestart,
    connect(peer) {
      try {
        return media.connect(peer, { iceServers: session.iceServers.map((server) => ({ ...server })) });
      } catch (error) {
        // A stack throws for a server's address that it cannot read, and on a machine that has no sockets left.
        const reason = originOf(error);
        say.event(`A peer connection failed (${reason}).`, { event: "peer.failed", reason });
        session.send(peer.session, { kind: "refused", problem: "peer.unrestartable", retryAfterMs: anotherMs });
        return failedConnection();
      }
    },
    control: joinAll(guard, viewers),
    log: ({ event, ...facts }) => say.event(event, { event, ...facts }),
  });

  return async () => {
    // The guard reports the stop over the channels, so it closes before they do.
    await guard.close();
    viewers.close();
    close();
    media.close();
  };
}

async function keep(latch: Latch, isStopped: boolean, say: Say): Promise<"kept" | "unkept"> {
  const outcome = await latch.note(isStopped);
  if (outcome === "unkept" && isStopped)
    say.event("The stop in force cannot be written: a restart could forget it.", { event: "stop.unkept" });
  if (outcome === "unkept" && !isStopped)
    say.event("The robot stands after a restart: its disk cannot be written.", { event: "resume.unkept" });
  return outcome;
}
