import type { Files } from "@tether/program/files";
import type { Reach } from "@tether/program/reach";
import type { Say } from "@tether/program/say";
import type { TicketAnswer } from "@tether/protocol/http";
import type { Finding } from "@tether/sdk/diagnosis/finding";
import type { Platform } from "@tether/sdk/robot";
import type { Config } from "../config.ts";
import type { OpenDriver } from "../driver/open.ts";
import type { Enrolled } from "../state/key-file.ts";
import type { Store } from "../state/store.ts";
import type { Examine } from "./examine/examine.ts";

/** The means of the checks. */
export type DoctorEnv = {
  readonly config: Config;
  readonly platform: Platform;
  readonly files: Files;
  readonly reach: Reach;
  readonly examine: Examine;
  readonly openDriver: OpenDriver;
  readonly say: Say;
};

/** Results of earlier checks that later ones need. */
export type Found = {
  /** The service's address; undefined where no one told it. */
  readonly api: string | undefined;
  /** The robot's key file, where it can be used. */
  readonly enrollment: { readonly enrolled: Enrolled; readonly store: Store } | undefined;
  /** Another process of this machine runs the robot: it has the socket and the driver. */
  readonly isRunning: boolean;
  ticket?: TicketAnswer;
  /** How far a server's clock is ahead of this machine's, in ms, and whether its certificate was accepted. */
  date?: { readonly aheadMs: number; readonly isVerified: boolean };
};

/** A check of the robot's own machine. It looks at one thing. */
export type RobotCheck = { readonly id: string; readonly title: string; run(env: DoctorEnv, found: Found): Promise<Finding> };
