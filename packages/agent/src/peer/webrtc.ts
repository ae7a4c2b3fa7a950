import wrtc from "@roamhq/wrtc";
import type { Frame } from "../driver/driver.ts";

/** A source of frames for any number of tracks. */
export type VideoSource = { createTrack(): MediaStreamTrack; onFrame(frame: Frame): void };

/** The part of a WebRTC stack that the robot's end uses. */
export type WebRtc = {
  connect(configuration: RTCConfiguration): RTCPeerConnection;
  createVideoSource(): VideoSource;
  streamOf(track: MediaStreamTrack): MediaStream;
};

/** The same interface as a browser's. */
export const PeerConnection: typeof RTCPeerConnection = wrtc.RTCPeerConnection;

/** libwebrtc for Node, with its encoders. */
export const webRtc: WebRtc = {
  connect: (configuration) => new wrtc.RTCPeerConnection(configuration),
  createVideoSource: () => new wrtc.nonstandard.RTCVideoSource(),
  streamOf: (track) => new wrtc.MediaStream([track]),
};
