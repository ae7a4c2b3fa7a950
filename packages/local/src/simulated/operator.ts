import type { RobotId } from "@tether/protocol/id";
import { attach, type Platform } from "@tether/sdk/client";
import { createEnd, type End, type Report } from "./end.ts";

export type OperatorOptions = {
  readonly api: string;
  readonly robot: RobotId;
  readonly token: () => Promise<string>;
  /** The session to resume, if there was one. */
  readonly session?: string;
  readonly platform?: Partial<Platform>;
  readonly report: (report: Report) => void;
};

/** An operator that attaches to a robot and opens a data channel to it. */
export function startOperator({ api, robot, token, session, platform, report }: OperatorOptions): End {
  const resume = { load: () => session, save: () => undefined };
  return createEnd(attach({ api, robot, token, resume, ...(platform && { platform }) }), "client", report);
}
