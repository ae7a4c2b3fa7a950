import { CameraNews, mediaChannel, type WatchCameras } from "@tether/protocol/camera";
import { read, write } from "../control/channel.ts";

/** A camera of the robot, and the stream that it comes in, once it does. */
export type SeenCamera = CameraNews["cameras"][number] & { readonly stream: MediaStream | undefined };

export type Cameras = {
  /** In the robot's order. Empty for a robot that tells of none: what it shows is in the peer connection's tracks then. */
  readonly all: readonly SeenCamera[];
  /** Says which cameras are watched, by name, the most important first. No other is sent. Default: all, in the robot's order. */
  watch(names: readonly string[]): void;
};

/** Follows the cameras of one peer connection, which was just made: the channel for it is part of the first offer. V1, V2 */
export function followCameras(pc: RTCPeerConnection, changed: (all: readonly SeenCamera[]) => void): Cameras {
  const channel = pc.createDataChannel(mediaChannel.label, mediaChannel.options);
  const streams = new Map<string, MediaStream>();
  let told: CameraNews["cameras"] = [];
  let watched: readonly string[] | undefined;

  const all = () => told.map((camera) => ({ ...camera, stream: streams.get(camera.name) }));

  function sendWatched(): void {
    if (watched) write(channel, { type: "watch", cameras: [...watched] } satisfies WatchCameras);
  }

  pc.addEventListener("track", ({ streams: [stream] }) => {
    if (!stream) return;
    streams.set(stream.id, stream);
    if (told.length > 0) changed(all());
  });
  channel.onopen = sendWatched;
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    const news = read(CameraNews, data);
    if (!news) return;
    told = news.cameras;
    changed(all());
  };

  return {
    get all() {
      return all();
    },
    watch(names) {
      watched = names;
      sendWatched();
    },
  };
}
