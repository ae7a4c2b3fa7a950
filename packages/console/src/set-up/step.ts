import type { Credential, EnrollmentCode, Session } from "@tether/protocol/http";

export type Step = { readonly id: "code" | "key" | "connection"; readonly isDone: boolean; readonly title: string; readonly says: string };

/** The progress of a set-up, by what the service knows of the robot. */
export function stepsOf(credentials: readonly Credential[], sessions: readonly Session[]): Step[] {
  const good = credentials.filter(({ state }) => state !== "revoked" && state !== "retired");
  const isEnrolled = good.length > 0;
  const isProved = good.some(({ lastProvedAt }) => lastProvedAt !== undefined);
  const robot = sessions.find(({ kind }) => kind === "robot");
  const isOnline = robot?.state === "online";
  return [
    {
      id: "code",
      isDone: isEnrolled,
      title: isEnrolled ? "The robot has a key" : "Enter the code at the robot",
      says: isEnrolled ? "Its private part never left the robot." : "The robot makes a key and registers it with a one-time code.",
    },
    {
      id: "key",
      isDone: isProved,
      title: isProved ? "The robot proved its key" : "The robot proves its key",
      says: isProved ? "It was given a ticket to connect with." : "That happens when its agent is started.",
    },
    {
      id: "connection",
      isDone: isOnline,
      title: isOnline ? "The robot is online" : robot ? "The robot was online before" : "The robot connects",
      says: isOnline ? "It is ready." : robot ? "Start its agent to bring it back." : "The page follows by itself.",
    },
  ];
}

/** The exact lines to paste at the robot, which can be driven at once: a driver of its own takes the place of the simulated one later. */
export function commandsOf(api: string, { code, install }: Pick<EnrollmentCode, "code" | "install">) {
  return {
    ...(install !== undefined && { install: `curl -fsSL ${install} | sh -s -- ${code}` }),
    enroll: `tether-robot enroll ${api} ${code}`,
    run: "tether-robot run --driver simulated",
  };
}
