import type { RobotId } from "@tether/protocol/id";
import { attach, type Platform } from "@tether/sdk/client";
import { follow } from "@tether/sdk/peer/follow";
import type { Clock } from "../clock/clock.ts";
import { PeerConnection } from "./webrtc.ts";

type VisitOptions = {
  readonly api: string;
  readonly robot: RobotId;
  readonly token: () => Promise<string>;
  readonly platform?: Partial<Platform>;
  readonly clock: Clock;
  readonly print: (line: string) => void;
};

/** Between two commands, and how many there are, in ms. */
const [everyMs, forMs] = [100, 2_000] as const;
const curve = { linear: 0.4, angular: 0.6 } as const;

/** An operator that takes control of the robot, drives it for a while, lets go and leaves. Calling what it returns cuts it short. */
export function startVisit({ api, robot, token, platform, clock, print }: VisitOptions): () => Promise<void> {
  const client = attach({ api, robot, token, ...(platform && { platform }) });
  const { control } = client;
  const part = follow({
    session: client,
    polite: true,
    clock,
    connect: () => new PeerConnection({ iceServers: client.iceServers.map((server) => ({ ...server })) }),
    control,
  });
  let hasDriven = false;
  let pictureAt: number | undefined;
  control.on("picture", ({ takenAt }) => {
    pictureAt = takenAt;
  });
  let cancel = () => {};

  async function leave(): Promise<void> {
    cancel();
    if (client.status !== "stopped") await client.leave("the visit is over");
    part();
  }

  function drive(leftMs: number): void {
    control.command(curve, { pictureAt });
    // Then it lets go, and the robot's dead-man does the rest.
    if (leftMs > 0) cancel = clock.after(everyMs, () => drive(leftMs - everyMs));
  }

  control.on("drive", ({ canDrive }) => {
    if (!canDrive || hasDriven) return;
    hasDriven = true;
    print("An operator asked for control; the robot checked its permit and lets it drive, peer to peer.");
    drive(forMs);
  });
  control.on("stopped", ({ reason }) => {
    if (reason !== "deadman") return;
    print("The operator drove and let go; the robot stopped by itself.");
    control.release();
    void leave();
  });
  control.request();
  return leave;
}
