import wrtc from "@roamhq/wrtc";
import type { RobotId } from "@tether/protocol/id";
import { attach, type DriveEvents } from "@tether/sdk/client";
import { follow } from "@tether/sdk/peer/follow";
import { platform } from "@tether/sdk/platform";
import type { PeerConnectionLike } from "@tether/sdk/rtc/peer-connection";
import { onTestFinished } from "vitest";
import { createWatch } from "../watch.ts";

const clock = platform.steady ?? platform.clock;

/** Stands in a command for an array that is nested too deeply for `JSON.stringify`. */
export const nested = { mark: "nested", depth: 20_000 } as const;

/** Sends the nested array where a message has its mark, as a holder with a client of their own can. */
function forge(pc: PeerConnectionLike): void {
  const create = pc.createDataChannel.bind(pc);
  pc.createDataChannel = (label, options) => {
    const channel = create(label, options);
    const send = channel.send.bind(channel);
    const { mark, depth } = nested;
    channel.send = (data) => send(data.replace(`"${mark}"`, `${"[".repeat(depth)}1${"]".repeat(depth)}`));
    return channel;
  };
}

function openWrtc(onTrack: (track: MediaStreamTrack) => void): RTCPeerConnection {
  const pc: RTCPeerConnection = new wrtc.RTCPeerConnection();
  pc.ontrack = ({ track }) => onTrack(track);
  return pc;
}

/** An operator, an owner or a viewer in this process, with a real peer connection. */
export function startOperator(
  { api, robot, token }: { api: string; robot: RobotId; token: () => Promise<string> },
  onFinished = onTestFinished,
  /**
   * Makes the operator's peer connections, by a stack that cannot restart ICE. Default: wrtc, which may crash the process where a channel
   * closes while something is sent on it.
   */
  stack?: () => PeerConnectionLike,
) {
  const client = attach({ api, robot, token });
  const { control } = client;
  const heard = createWatch<{ readonly name: string; readonly event: unknown; readonly at: number }>();
  for (const name of ["drive", "control", "accepted", "stopped", "order", "telemetry", "problem"] as const)
    control.on(name, (event: DriveEvents[typeof name]) => heard.put({ name, event, at: clock.now() }));
  const tracks = createWatch<MediaStreamTrack>();
  const connect = () => {
    const pc = stack?.() ?? openWrtc(tracks.put);
    forge(pc);
    return pc;
  };
  const part = follow({ session: client, polite: true, connect, canRestart: stack === undefined, control });
  let letGo = () => {};
  let pictureAt: number | undefined;
  control.on("picture", ({ takenAt }) => {
    pictureAt = takenAt;
  });
  const leave = async () => {
    letGo();
    await client.leave();
    part();
  };
  onFinished(() => {
    letGo();
    client.close();
    part();
  });
  return {
    client,
    drive: control,
    heard,
    tracks,
    leave,
    ready: () => heard.until("a robot that can be driven", () => control.canDrive),
    /** Sends the command every 50 ms until `letGo`. */
    hold(command: unknown) {
      let cancel = () => {};
      const again = () => {
        cancel = clock.after(50, again);
        control.command(command, { pictureAt });
      };
      letGo();
      again();
      letGo = () => cancel();
    },
    letGo: () => letGo(),
    /** By the clock of what it heard. */
    now: () => clock.now(),
  };
}
