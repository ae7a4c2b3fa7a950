import type { Files } from "@tether/program/files";
import type { Say } from "@tether/program/say";
import type { PeerConnection } from "@tether/sdk/diagnosis/peer";
import type { Platform } from "@tether/sdk/platform";

/** Everything from outside that a command may use. */
export type Context = Pick<Platform, "clock" | "random" | "fetch" | "socket"> & {
  readonly say: Say;
  readonly files: Files;
  /** Names the runtime and the operating system in a few words. */
  readonly machine: string;
  /** Loads WebRTC, where this machine has it. The library is large, so a command that needs none must not load it. */
  readonly peerConnection: () => Promise<PeerConnection | undefined>;
  readonly variables: { readonly [name: string]: string | undefined };
  readonly home: string;
  /** Reads standard input to its end. */
  readonly input: () => Promise<string>;
  /** Reads a line that the user types; undefined once there is none to come, or nobody to type it. Aborting ends the wait. */
  readonly readLine: (stopped: AbortSignal) => Promise<string | undefined>;
  /** Shows an address in the user's browser, where the machine has a browser. */
  readonly open: (url: string) => void;
};
