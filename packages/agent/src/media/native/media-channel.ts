import { type CameraNews, mediaChannel, type RecordingNews, ToCameras } from "@tether/protocol/camera";
import { read } from "@tether/sdk/control/channel";
import type { DataChannel } from "node-datachannel";
import type { Camera } from "../camera/camera.ts";
import type { Microphone } from "../camera/microphone.ts";
import type { Recorder } from "../record/recorder.ts";
import type { Speaker } from "../sound/voice.ts";
import type { Watching } from "../watching.ts";
import type { Guard } from "./guard.ts";
import { unlessClosed } from "./unless-closed.ts";

export const mediaLabel = mediaChannel.label;

/** `recorder` is undefined for a viewer, who has none made. */
type Env = {
  readonly cameras: readonly Camera[];
  readonly microphone?: Camera<Microphone> | undefined;
  readonly speaker?: Pick<Speaker, "state"> | undefined;
  readonly watching: Watching;
  readonly recorder: Recorder | undefined;
  readonly guard: Guard;
};

/** Tells a client of the robot's cameras and its sound, and heeds which of them it watches, and whether it hears. V1 to V3, V5, V6, V8 */
export function createMediaChannel(channel: DataChannel, { cameras, microphone, speaker, watching, recorder, guard }: Env) {
  let hasAsked = false;
  let listing = Promise.resolve();

  function say(message: CameraNews | RecordingNews): void {
    unlessClosed(() => channel.isOpen() && channel.sendMessage(JSON.stringify(message)));
  }

  function tell(): void {
    say({
      type: "cameras",
      cameras: cameras.map(({ settings: { name }, state }) => ({
        name,
        ...state,
        ...(watching.allowances.get(name) === 0 && state.state === "live" && { state: "paused" as const }),
      })),
      ...(microphone && { microphone: watching.isSoundPaused ? { state: "paused" } : microphone.state }),
      ...(speaker && { speaker: speaker.state }),
    });
  }

  /** The lists are sent one after the other: a list that was begun before a recording was written must not come after the list that has it. */
  function tellRecordings(): Promise<void> {
    listing = listing.then(async () => {
      if (hasAsked && recorder) say({ type: "recordings", recordings: [...(await recorder.list())] });
    });
    return listing;
  }

  function onMessage(data: unknown): void {
    const message = read(ToCameras, data);
    if (message?.type === "watch") watching.choose(message.cameras);
    else if (message?.type === "hear") watching.hear(message.isHeard);
    else if (message?.type === "keep" && cameras.length > 0) recorder?.keep("asked");
    else if (message?.type === "recordings") {
      hasAsked = true;
      void tellRecordings();
    }
  }

  channel.onOpen(guard(tell));
  channel.onMessage(guard(onMessage));
  tell();
  return { tell, tellRecordings };
}
