import type { Files } from "@tether/program/files";
import type { Say } from "@tether/program/say";
import type { Platform } from "@tether/sdk/robot";
import type { Attend } from "../attend.ts";
import type { Config } from "../config.ts";
import type { Ended } from "../driver/driver.ts";
import type { OpenDriver } from "../driver/open.ts";
import type { Exit, Trouble } from "../exit.ts";

/** What a command is handed. */
export type World = {
  readonly config: Config;
  readonly say: Say;
  readonly platform: Platform;
  readonly files: Files;
  /** This process, as others of this machine are told of it. */
  readonly process: {
    readonly id: number;
    /** Names this start of the machine; undefined where that has no name. */
    readonly boot?: string | undefined;
    /** What is to be on the disk if this process ends by an error of its own; none without words. */
    readonly lastWords?: (words: { readonly path: string; readonly text: string } | undefined) => void;
  };
  readonly openDriver: OpenDriver;
  /** What it does where it has no driver. */
  readonly attend: Attend;
  /** The whole of standard input. */
  readonly input: () => Promise<string>;
  /** Aborted by SIGTERM and SIGINT. */
  readonly stopped: AbortSignal;
};

/** A command ends well, with trouble that has yet to be said, or as its driver did. */
export type Outcome = Extract<Exit, "done"> | Trouble | Ended;
