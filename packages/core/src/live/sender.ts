import { type Problem, problem } from "@tether/protocol/problem";
import type { Identity, Session } from "./session.ts";

/** Whether a connection's frames count: it holds the session or did until just now, and the lease is not over. */
export function checkSender(session: Session | undefined, { epoch, connection }: Identity, now: number): Problem | undefined {
  if (!session) return problem("session.superseded");
  if (session.pending?.connection.id === connection.id) return problem("hello.required");
  if (session.state === "expired" || (session.state === "online" && now >= session.authExpiresAt)) return problem("session.expired");
  if (session.state !== "online") return problem("session.superseded");
  const holds = session.epoch === epoch && session.connection.id === connection.id;
  const held = session.previous?.epoch === epoch && now < session.previous.until;
  return holds || held ? undefined : problem("session.superseded");
}
