import wrtc from "@roamhq/wrtc";
import type { Frame } from "../driver/driver.ts";

/** A picture that many tracks can show. */
export type VideoSource = { createTrack(): MediaStreamTrack; onFrame(frame: Frame): void };

/** WebRTC as the robot's end uses it. */
export type WebRtc = {
  connect(configuration: RTCConfiguration): RTCPeerConnection;
  createVideoSource(): VideoSource;
  streamOf(track: MediaStreamTrack): MediaStream;
};

/** libwebrtc for Node, with its encoders. */
export const webRtc: WebRtc = {
  connect: (configuration) => new wrtc.RTCPeerConnection(configuration),
  createVideoSource: () => new wrtc.nonstandard.RTCVideoSource(),
  streamOf: (track) => new wrtc.MediaStream([track]),
};
