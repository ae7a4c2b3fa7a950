import { limits } from "@tether/protocol/limits";
import { atLeast } from "@tether/protocol/role";
import type { Principal } from "../store/principal.ts";
import type { Online, Session } from "./session.ts";

/** Monitoring is for a robot's owners; admins have that role at every robot. */
export function mayMonitor(principal: Principal): boolean {
  return principal.type === "user" && atLeast(principal.role, "owner");
}

/** The sessions that are told of frames now: those that asked for it while they may and their lease lasts, the first to attach first. */
export function monitorsIn(sessions: readonly Session[], now: number): Online[] {
  return sessions.filter((session) => isMonitoring(session, now)).slice(0, limits.monitor.perRobot);
}

/** Whether one more may, besides those that do. */
export function hasRoom(sessions: readonly Session[], { sessionId }: Pick<Session, "sessionId">, now: number): boolean {
  const others = sessions.filter((session) => session.sessionId !== sessionId && isMonitoring(session, now));
  return others.length < limits.monitor.perRobot;
}

function isMonitoring(session: Session, now: number): session is Online {
  return session.state === "online" && session.monitors === true && mayMonitor(session.principal) && now < session.authExpiresAt;
}
