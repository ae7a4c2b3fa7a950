import type { TicketAnswer } from "@tether/protocol/http";
import type { Finding } from "@tether/sdk/diagnosis/finding";
import type { readEnrollment } from "../command/enrollment.ts";
import type { CommandEnv } from "../command/env.ts";
import type { Trouble } from "../exit.ts";

export type DoctorEnv = Pick<CommandEnv, "config" | "platform" | "files" | "reach" | "peerConnection" | "openDriver" | "process" | "say">;

type Enrollment = Exclude<Awaited<ReturnType<typeof readEnrollment>>, Trouble>;

/** Results of earlier checks that later ones need. */
export type Found = {
  /** The service's address; undefined where no one told it. */
  api: string | undefined;
  enrollment: Enrollment | undefined;
  /** Another process of this machine runs the robot: it has the socket and the driver. */
  readonly isRunning: boolean;
  ticket?: TicketAnswer;
  /** How far the service's clock is ahead of this machine's, in ms, and whether its certificate was verified. */
  date?: { readonly aheadMs: number; readonly isVerified: boolean };
};

/** A check of the robot's own machine. It looks at one thing. */
export type RobotCheck = { readonly id: string; readonly title: string; run(env: DoctorEnv, found: Found): Promise<Finding> };
