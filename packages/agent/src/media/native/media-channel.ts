import { type CameraNews, mediaChannel, WatchCameras } from "@tether/protocol/camera";
import { read } from "@tether/sdk/control/channel";
import type { DataChannel } from "node-datachannel";
import type { Camera } from "../camera/camera.ts";
import type { Watching } from "../watching.ts";

export const mediaLabel = mediaChannel.label;

/** Tells a viewer of the robot's cameras, and heeds which of them it watches. V1, V2 */
export function createMediaChannel(channel: DataChannel, cameras: readonly Camera[], watching: Watching) {
  function tell(): void {
    if (!channel.isOpen()) return;
    const news: CameraNews = {
      type: "cameras",
      cameras: cameras.map(({ settings: { name }, state }) => ({
        name,
        ...state,
        ...(watching.allowances.get(name) === 0 && state.state === "live" && { state: "paused" as const }),
      })),
    };
    channel.sendMessage(JSON.stringify(news));
  }
  channel.onOpen(tell);
  channel.onMessage((data) => {
    const watch = read(WatchCameras, data);
    if (!watch) return;
    watching.choose(watch.cameras);
    tell();
  });
  tell();
  return { tell };
}
