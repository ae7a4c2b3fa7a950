import type { Files } from "@tether/program/files";
import type { Say } from "@tether/program/say";
import type { PeerConnection } from "@tether/sdk/diagnosis/peer";
import type { Platform } from "@tether/sdk/platform";

/** What a command is handed. */
export type World = Pick<Platform, "clock" | "random" | "fetch" | "socket"> & {
  readonly say: Say;
  readonly files: Files;
  /** What this runs on, in a few words. */
  readonly machine: string;
  /** WebRTC, where this machine has it. It is large, so it is loaded when it is asked for. */
  readonly peerConnection: () => Promise<PeerConnection | undefined>;
  readonly variables: { readonly [name: string]: string | undefined };
  readonly home: string;
  /** The whole of standard input. */
  readonly input: () => Promise<string>;
  /** Shows an address in the user's browser, where there is one. */
  readonly open: (url: string) => void;
};
