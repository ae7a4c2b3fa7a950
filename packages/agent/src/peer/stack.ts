import type { CameraSettings } from "../media/camera/source.ts";

/** The WebRTC stacks: docs/decision/0030-camera-stack.md says why there are two. */
export type Stack = "libdatachannel" | "libwebrtc";

type Sources = {
  readonly cameras?: readonly CameraSettings[];
  readonly microphone?: object | undefined;
  readonly speaker?: object | undefined;
};

/** Frames that a driver makes need a stack that encodes them. The stack of every other robot is in the media process. */
export function stackOf({ cameras = [], microphone, speaker }: Sources, makesFrames: boolean): Stack {
  return cameras.length > 0 || microphone || speaker || !makesFrames ? "libdatachannel" : "libwebrtc";
}
