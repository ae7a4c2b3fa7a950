import type { Line } from "@tether/aws/invocation";
import type { TimelineItem } from "../invariants.ts";

/** How a connection really ended, by the gateway's own account. */
type Closed = { readonly by: "end" | "network" | "gateway"; readonly code: number };

/** What became of each connection, by its session and epoch; the part of the product that is judged writes none of it. */
export function closedConnections(lines: readonly Line[]): ReadonlyMap<string, Closed> {
  const closed = new Map(lines.filter(({ event }) => event === "closed").map((line) => [line.connectionId, line]));
  const opened = lines.filter(({ event, outcome }) => event === "connect" && outcome === "redeemed");
  return new Map(
    opened.flatMap(({ sessionId, epoch, connectionId }) => {
      const line = closed.get(connectionId);
      return line ? [[placeOf(String(sessionId), Number(epoch)), { by: line.by, code: line.code } as Closed] as const] : [];
    }),
  );
}

const placeOf = (session: string, epoch: number) => `${session} ${epoch}`;

/** Where an entry that names the gateway says something else than what it did. What is only concluded may be less than the truth, not against it. */
export function contradicted(entry: TimelineItem, closed: ReadonlyMap<string, Closed>): string[] {
  const { type, session = "", cause, actor, inferred, evidence } = entry;
  if (actor.type !== "gateway" || !type.startsWith("session.")) return [];
  // A first connection's entry is of epoch 0: its session never was online.
  const truth = closed.get(placeOf(session, entry.epoch || 1));
  const says = `${type} of ${session} ${entry.epoch} says ${cause}, inferred: ${inferred}, and it was ${JSON.stringify(truth)}`;
  if (!truth) return [says];
  const fits =
    cause === "connection.closed"
      ? !inferred && truth.by === "end"
      : cause === "connection.lost"
        ? inferred || truth.by === "network"
        : inferred && (truth.by === "gateway" || evidence?.closeCode === undefined);
  const hasCode = evidence?.closeCode === undefined || evidence.closeCode === truth.code;
  return fits && hasCode ? [] : [says];
}
