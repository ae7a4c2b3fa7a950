import type { Line } from "@tether/aws/invocation";
import type { TimelineItem } from "../invariants.ts";

/** How a connection really ended, by the gateway's own account. */
type Closed = { readonly by: "end" | "network" | "gateway"; readonly code: number };

/** The fate of each connection, by its session, then by its epoch; the part of the product that is judged writes none of it. */
export function closedConnections(lines: readonly Line[]): ReadonlyMap<string, ReadonlyMap<number, Closed>> {
  const closed = new Map(lines.filter(({ event }) => event === "closed").map((line) => [line.connectionId, line]));
  const opened = lines.filter(({ event, outcome }) => event === "connect" && outcome === "redeemed");
  const sessions = new Map<string, Map<number, Closed>>();
  for (const { sessionId, epoch, connectionId } of opened) {
    const line = closed.get(connectionId);
    if (!line) continue;
    const connections = sessions.get(String(sessionId)) ?? new Map<number, Closed>();
    sessions.set(String(sessionId), connections.set(Number(epoch), { by: line.by, code: line.code } as Closed));
  }
  return sessions;
}

/** Where an entry that names the gateway says something else than what it did. What is only concluded may be less than the truth, not against it. */
export function contradicted(entry: TimelineItem, closed: ReturnType<typeof closedConnections>): string[] {
  const { type, session = "", cause, actor, inferred, evidence } = entry;
  if (actor.type !== "gateway" || !type.startsWith("session.")) return [];
  const connections = closed.get(session);
  // Of epoch 0 the session never was online: its first connection may have been refused, so any of them may be the one that is meant.
  const candidates = [...(connections ?? [])].flatMap(([epoch, one]) => (epoch === entry.epoch || !entry.epoch ? [one] : []));
  const isSo = (truth: Closed) => {
    const fits =
      cause === "connection.closed"
        ? !inferred && truth.by === "end"
        : cause === "connection.lost"
          ? inferred || truth.by === "network"
          : inferred && (truth.by === "gateway" || evidence?.closeCode === undefined);
    return fits && (evidence?.closeCode === undefined || evidence.closeCode === truth.code);
  };
  if (candidates.some(isSo)) return [];
  return [`${type} of ${session} ${entry.epoch} says ${cause}, inferred: ${inferred}, and it was ${JSON.stringify(candidates)}`];
}
