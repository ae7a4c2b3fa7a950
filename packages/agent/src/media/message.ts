import type { ProcessGroup } from "../supervisor/process-group.ts";
import type { Microphone } from "./camera/microphone.ts";
import type { CameraSettings } from "./camera/source.ts";
import type { SourceState } from "./camera/upkeep.ts";
import type { SpeakerSettings } from "./sound/speaker.ts";

/** A server for STUN or TURN, as the service gives it. */
export type IceServer = { readonly urls: string | readonly string[]; readonly username?: string; readonly credential?: string };

/** The steps of a negotiation that the native peer connection takes, in the order in which they are asked for. */
export type Step =
  | { readonly step: "remote"; readonly kind: "offer" | "answer"; readonly sdp: string }
  | { readonly step: "local"; readonly kind: "offer" | "answer" }
  | { readonly step: "candidate"; readonly candidate: string; readonly mid: string };

/** Messages to the media process. `peer` numbers peer connections, `channel` the data channels of one. */
export type ToMedia =
  /** Answered at once: a process that does not hangs, and is ended. */
  | { readonly type: "beat" }
  | {
      readonly type: "sources";
      readonly cameras: readonly CameraSettings[];
      readonly microphone: Microphone | undefined;
      readonly speaker: SpeakerSettings | undefined;
      readonly recordings: string;
    }
  | {
      readonly type: "open";
      readonly peer: number;
      readonly iceServers: readonly IceServer[];
      readonly relayOnly: boolean;
      /** May have recordings made, and fetch them. */
      readonly mayRecord: boolean;
    }
  /** Something to be recorded of; `at` in ms since the Unix epoch. */
  | { readonly type: "note"; readonly topic: string; readonly at: number; readonly value: unknown }
  /** Something happened: what came before and shortly after is written. */
  | { readonly type: "keep"; readonly reason: string }
  | { readonly type: "step"; readonly peer: number; readonly id: number; readonly step: Step }
  | { readonly type: "send"; readonly peer: number; readonly channel: number; readonly data: string }
  | { readonly type: "close"; readonly peer: number; readonly channel?: number }
  /** The peer connection of whoever holds control: the cameras' bitrate follows its path, and its voice is heard. */
  | { readonly type: "driver"; readonly peer: number | undefined };

export type PeerNews =
  | { readonly news: "stepped"; readonly id: number; readonly sdp?: string | undefined; readonly signalling: RTCSignalingState }
  | { readonly news: "refused"; readonly id: number; readonly says: string }
  /** The peer connection is over because of an error; `says`: the error's kind and origin. */
  | { readonly news: "failed"; readonly says: string }
  | { readonly news: "state"; readonly state: RTCPeerConnectionState }
  | { readonly news: "candidate"; readonly candidate: string; readonly mid: string }
  | { readonly news: "needed" }
  | { readonly news: "channel"; readonly channel: number; readonly label: string }
  | { readonly news: "opened" | "closed"; readonly channel: number }
  | { readonly news: "message"; readonly channel: number; readonly data: string }
  /** `taken`: characters handed to the channel so far; `waiting`: bytes that it has not sent yet. */
  | { readonly news: "buffered"; readonly channel: number; readonly taken: number; readonly waiting: number };

/** Messages from the media process. */
export type FromMedia =
  | { readonly type: "beat" }
  | ({ readonly type: "peer"; readonly peer: number } & PeerNews)
  | ({ readonly type: "camera"; readonly name: string } & SourceState)
  | ({ readonly type: "microphone" | "speaker" } & SourceState)
  /** A frame is on its way to the viewers; `at` is when it was taken, by the machine's clock. */
  | { readonly type: "frame"; readonly camera: string; readonly rtp: number; readonly at: number }
  /** A process group of a camera's program, for whoever has to end it when the media process cannot. */
  | { readonly type: "began"; readonly group: ProcessGroup }
  | { readonly type: "ended"; readonly group: ProcessGroup }
  | { readonly type: "recorded"; readonly name: string; readonly bytes: number }
  | { readonly type: "unrecorded"; readonly says: string }
  | { readonly type: "log"; readonly camera: string; readonly says: string };
