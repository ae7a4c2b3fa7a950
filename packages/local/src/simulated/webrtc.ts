import wrtc from "@roamhq/wrtc";

/** libwebrtc for Node: the same interface as a browser's. */
export const PeerConnection: typeof RTCPeerConnection = wrtc.RTCPeerConnection;
