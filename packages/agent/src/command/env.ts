import type { Files } from "@tether/program/files";
import type { Reach } from "@tether/program/reach";
import type { Say } from "@tether/program/say";
import type { Platform } from "@tether/sdk/robot";
import type { Config } from "../config.ts";
import type { Examine } from "../doctor/examine/examine.ts";
import type { Ended } from "../driver/driver.ts";
import type { OpenDriver } from "../driver/open.ts";
import type { Exit, Trouble } from "../exit.ts";
import type { HandleSession } from "../observer.ts";
import type { Installation } from "../update/installation.ts";

/** The environment of a command. */
export type CommandEnv = {
  readonly config: Config;
  readonly say: Say;
  readonly platform: Platform;
  readonly files: Files;
  /** The steps of a request, each for itself: which `doctor` looks at one by one. */
  readonly reach: Reach;
  /** Checks peer connections with the stack that the robot would use. */
  readonly examine: Examine;
  /** Names the runtime and the operating system in a few words. */
  readonly machine: string;
  /** Facts about this process. */
  readonly process: {
    readonly id: number;
    /** The boot id of the machine; undefined on systems without one. */
    readonly boot?: string | undefined;
    /** The version of this agent. */
    readonly version?: string | undefined;
    /** The version that is installed by now: another one once an update has replaced this agent's files. */
    readonly installed?: () => string | undefined;
    /** Sets the file that is written if this process ends by an error of its own; undefined: none. */
    readonly setCrashNote?: (note: { readonly path: string; readonly text: string } | undefined) => void;
  };
  readonly openDriver: OpenDriver;
  /** The installation that this program belongs to; undefined for one that updates by other means. */
  readonly installation?: Installation | undefined;
  /** Handles each session of a robot without a driver. */
  readonly handleSession: HandleSession;
  /** The whole of standard input. */
  readonly input: () => Promise<string>;
  /** Aborted by SIGTERM, SIGINT and SIGHUP. */
  readonly stopped: AbortSignal;
};

/** The result of a command: success, trouble that is still to be printed, or the end of the driver. */
export type Outcome = Extract<Exit, "done" | "unwell"> | Trouble | Ended;
