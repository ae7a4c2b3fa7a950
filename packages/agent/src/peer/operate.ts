import type { Say } from "@tether/program/say";
import type { SessionId } from "@tether/protocol/id";
import { atLeast } from "@tether/protocol/role";
import type { Clock } from "@tether/sdk/clock";
import { follow } from "@tether/sdk/peer/follow";
import type { Guard, RobotSession } from "@tether/sdk/robot";
import type { Driver, Frame } from "../driver/driver.ts";
import { machineClock } from "../driver/frame/machine-clock.ts";
import type { Latch } from "../state/latch.ts";
import { latest } from "./latest.ts";
import type { Media } from "./native/media.ts";
import { createViewers, joinAll } from "./viewers.ts";
import type { VideoSource, WebRtc } from "./webrtc.ts";

/** The shortest time between two telemetry messages to viewers, in ms. */
export const telemetryMs = 200;

/** Stops that whoever drives meant. */
const orderly: ReadonlySet<string> = new Set(["released", "leaving", "deadman"]);

type Env = {
  readonly session: RobotSession;
  readonly driver: Driver;
  /** A monotonic clock. */
  readonly clock: Clock;
  /** The stack for frames that the driver makes. With cameras, their own is used instead. */
  readonly webRtc: WebRtc;
  readonly media?: Media | undefined;
  readonly say: Say;
  /** Keeps a stop by order in force beyond the session. */
  readonly latch?: Latch;
  /** Called with the guard of the session, which knows who drives. */
  readonly onGuard?: (guard: Pick<Guard, "holder">) => void;
};

/**
 * Connects the clients of a session with the driver: one at a time drives, all of them get video and telemetry. Every command passes the
 * guard. The returned function ends this and resolves when the robot stands.
 */
export function operate({ session, driver, clock, webRtc, media, say, latch, onGuard }: Env): () => Promise<void> {
  const guard = session.guard({
    onCommand(command, { epoch, ageMs, limit, blindMs }) {
      media?.note("/command", { command, epoch, ageMs, limit, blindMs });
      driver.command(command, { epoch, ageMs, limit, blindMs });
    },
    stop: (reason) => driver.stop(reason),
    ...(latch && { isStopped: latch.isStopped, onOrder: (isStopped) => keep(latch, isStopped, say) }),
    ...(driver.limits && { limits: true }),
    ...(driver.manoeuvre && { manoeuvre: driver.manoeuvre }),
    onStop(reason, measured) {
      say.event(`Stopped (${reason}).`, { event: "driver.stopped", reason, ...measured });
      media?.note("/event", { event: "driver.stopped", reason, ...measured });
      // An operator who lets go or leaves is no event that anyone wants to look into.
      if (!orderly.has(reason)) media?.keep(reason);
    },
  });
  onGuard?.(guard);
  void driver.ended?.then(() => guard.stop());

  const source = media ? undefined : driver.video && webRtc.createVideoSource();
  const track = source?.createTrack();

  const viewers = createViewers(() => {
    const telemetry = latest(clock, telemetryMs, guard.telemetry);
    const put = (value: unknown) => {
      media?.note("/telemetry", value);
      telemetry.put(value);
    };
    const ends = [driver.telemetry(put), telemetry.close];
    if (source && track && driver.video) ends.push(driver.video((frame) => showFrame(frame, source, track.id)));
    if (media) ends.push(media.onFrame(announceFrame));
    return () => {
      for (const end of ends) end();
    };
  });

  /** Clients are told when a picture was taken before they see it. R34 */
  function showFrame({ takenAt, mark, ...frame }: Frame, camera: VideoSource, stream: string): void {
    if (takenAt !== undefined && mark !== undefined) guard.picture({ stream, mark, ageMs: clock.now() - takenAt });
    camera.onFrame(frame);
  }

  /** The peer connection with each client of a robot with cameras. */
  const connections = new Map<SessionId, RTCPeerConnection>();
  let driving: SessionId | undefined;

  function announceFrame({ camera, rtp, at }: { readonly camera: string; readonly rtp: number; readonly at: number }): void {
    guard.picture({ stream: camera, rtp, ageMs: machineClock.now() - at });
    if (guard.holder?.session === driving) return;
    driving = guard.holder?.session;
    media?.setDriver(driving && connections.get(driving));
  }

  const close = follow({
    session,
    clock,
    polite: false,
    ...(media && { canRestart: false }),
    connect({ session: client, user }) {
      const configuration = { iceServers: session.iceServers.map((server) => ({ ...server })) };
      if (media) {
        const pc = media.connect(configuration, user !== undefined && atLeast(user.role, "operator"));
        connections.set(client, pc);
        if (client === driving) media.setDriver(pc);
        return pc;
      }
      const pc = webRtc.connect(configuration);
      if (track) pc.addTransceiver(track, { direction: "sendonly", streams: [webRtc.streamOf(track)] });
      return pc;
    },
    control: joinAll(guard, viewers),
    log: ({ event, ...facts }) => say.event(event, { event, ...facts }),
  });

  return async () => {
    // The guard reports the stop over the channels, so it closes before they do.
    await guard.close();
    viewers.close();
    close();
    track?.stop();
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
