import { limits } from "@tether/protocol/limits";
import type { Status } from "@tether/sdk/client";
import type { Failure } from "../api/failure.ts";
import type { Tone } from "../component/tone.ts";

/** The state of the monitor's own connection, and what to do where it sees nothing. */
export type ConnectionStatus = {
  readonly tone: Tone;
  readonly word: string;
  readonly trouble?: { readonly tone: "warn" | "bad"; readonly says: string; readonly remedy: string };
  /** Whether the session is over, so that only a new one helps. */
  readonly isOver: boolean;
};

const blind = "What is sent meanwhile is not seen.";

const refused = {
  tone: "warn",
  says: "This page is not told of signals.",
  remedy: `${limits.monitor.perRobot} can watch a robot at once: Sessions shows who monitors, and ends one. It may also be that you own the robot no more.`,
} as const;

export function connectionStatus({
  status,
  why,
  isOn,
}: {
  readonly status: Status | undefined;
  readonly why: Pick<Failure, "says" | "remedy"> | undefined;
  readonly isOn: boolean;
}): ConnectionStatus {
  switch (status) {
    case "online":
      return isOn ? { tone: "good", word: "Live", isOver: false } : { tone: "warn", word: "Not told", trouble: refused, isOver: true };
    case "waiting":
      return {
        tone: "warn",
        word: "Away",
        trouble: { tone: "warn", says: why?.says ?? "The connection is away.", remedy: `${why?.remedy ?? ""} ${blind}`.trim() },
        isOver: false,
      };
    case "stopped":
      return {
        tone: "bad",
        word: "Ended",
        trouble: { tone: "bad", says: why?.says ?? "The connection has ended.", remedy: why?.remedy ?? blind },
        isOver: true,
      };
    default:
      return { tone: "quiet", word: "Connecting …", isOver: false };
  }
}
