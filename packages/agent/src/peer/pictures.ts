import type { SessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { Clock } from "@tether/sdk/clock";
import type { PeerConnectionLike } from "@tether/sdk/peer";
import type { Guard } from "@tether/sdk/robot";
import type { Driver, Frame } from "../driver/driver.ts";
import type { WebRtc } from "./webrtc.ts";

/** The pictures of a robot during one session, and the stack of the peer connections that bring them to operators. */
export type Pictures = {
  /** Whether the stack can restart ICE. W8 */
  readonly canRestart: boolean;
  /** Makes the peer connection with a client. */
  connect(peer: Peer, configuration: RTCConfiguration): PeerConnectionLike;
  /** Shows pictures until the returned function is called. Called when the first viewer is connected. */
  show(): () => void;
  /** The client given holds control from now on; nobody does where it is undefined. */
  setHolder(client: SessionId | undefined): void;
  close(): void;
};

/** Opens them for a session, whose guard tells clients when each picture was taken. */
export type OpenPictures = (guard: Pick<Guard, "picture">) => Pictures;

type Env = { readonly driver: Pick<Driver, "video">; readonly clock: Clock; readonly webRtc: WebRtc };

/** The frames that the driver makes, encoded by the stack. A driver without video has peer connections all the same. */
export function driverFrames({ driver, clock, webRtc }: Env): OpenPictures {
  return (guard) => {
    const source = driver.video && webRtc.createVideoSource();
    const track = source?.createTrack();
    const stream = track && webRtc.streamOf(track);

    /** Clients are told when a picture was taken before they see it. R34 */
    function showFrame({ takenAt, mark, ...frame }: Frame): void {
      if (stream && takenAt !== undefined && mark !== undefined) guard.picture({ stream: stream.id, mark, ageMs: clock.now() - takenAt });
      source?.onFrame(frame);
    }

    return {
      canRestart: true,
      connect(_, configuration) {
        const pc = webRtc.connect(configuration);
        // A track that was added takes the place that the client's offer has for it; one of `addTransceiver` takes none (RFC 9429 §5.10).
        if (track && stream) pc.addTrack(track, stream);
        for (const transceiver of pc.getTransceivers()) transceiver.direction = "sendonly";
        return pc;
      },
      show: () => driver.video?.(showFrame) ?? (() => {}),
      setHolder() {},
      close: () => track?.stop(),
    };
  };
}
