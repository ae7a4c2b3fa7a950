import type { RobotSession, SessionEvents, Status } from "@tether/sdk/robot";
import type { RunStatus } from "../state/run-status.ts";
import type { CommandEnv } from "./env.ts";

const words: Readonly<Partial<Record<Status, string>>> = {
  connecting: "Connecting …",
  online: "Online.",
  leaving: "Leaving …",
};

/** Prints a session's new state, and notes it for `tether-robot status`. */
export function reportState(
  { platform, say, stopped }: CommandEnv,
  session: RobotSession,
  { status, why }: SessionEvents["state"],
  note: (news: RunStatus) => void,
): void {
  const { id, epoch } = session;
  const at = platform.clock.now();
  const reason = why && { code: why.code, says: why.says, remedy: why.remedy };
  const asked = status === "stopped" && stopped.aborted;
  const line = asked
    ? "Signed off."
    : (words[status] ?? `${status === "stopped" ? "Stopped" : "Waiting"}: ${why?.says ?? ""} ${why?.remedy ?? ""}`);
  say.event(line, { event: "state", at, status, session: id, epoch, ...reason });
  note({ at, status, ...(id && { session: id }), ...(reason && { why: reason }) });
}
