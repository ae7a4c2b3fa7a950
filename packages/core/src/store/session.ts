import { alphabet } from "@tether/protocol/base32";
import { Entity } from "electrodb";
import type { Connection, Pending } from "./connection.ts";
import type { Ending } from "./ending.ts";
import { indexes, key, required, requiredValue, service, value } from "./entity.ts";
import type { Principal } from "./principal.ts";

/**
 * The sweeper's index is spread over this many partitions. Each takes 1,000 write units a second, and a session that comes or goes
 * writes two or four: eight take 10,000 sessions that all do. A look at one costs half a read unit a minute.
 */
export const shards = ["0", "1", "2", "3", "4", "5", "6", "7"] as const;

/** The user of a robot's session: it stands in no user's index. */
export const nobody = "";

/** A robot's session or a client's: the same life, and never the same item. */
export const session = () =>
  new Entity({
    model: { service, entity: "session", version: "1" },
    attributes: {
      robotId: required.string,
      /** A robot has one live session, so `robot` is its place; a client session's place is its id. */
      slot: required.string,
      sessionId: required.string,
      kind: { type: ["robot", "client"] as const, required: true },
      state: { type: ["opening", "online", "away", "expired"] as const, required: true },
      version: required.number,
      epoch: required.number,
      ticketEpoch: required.number,
      renewals: required.number,
      principal: requiredValue<Principal>(),
      authExpiresAt: required.number,
      graceMs: required.number,
      startedAt: required.number,
      since: required.number,
      warned: required.number,
      verifiedAt: required.number,
      takeovers: value<readonly number[]>(),
      superseded: value<readonly string[]>(),
      dueAt: required.number,
      shard: { type: shards, required: true },
      pending: value<Pending>(),
      connection: value<Connection>(),
      instance: { type: "string" },
      previous: value<{ epoch: number; until: number }>(),
      monitors: { type: "boolean" },
      keepsAlive: { type: "boolean" },
      backBy: { type: "number" },
      closesAt: { type: "number" },
      ending: value<Ending>(),
      /** The session's user; a robot's session has nobody. */
      userId: required.string,
    },
    indexes: {
      primary: { collection: "live", pk: key("pk", ["robotId"]), sk: key("sk", ["slot"]) },
      byUser: {
        index: indexes.byUser,
        condition: ({ userId }) => userId !== nobody,
        pk: key("gsi1pk", ["userId"]),
        sk: key("gsi1sk", ["sessionId"]),
      },
      // Ordered by time before kind: one Query finds all that is due, sessions and control leases.
      due: { collection: "due", type: "clustered", index: indexes.due, pk: key("gsi2pk", ["shard"]), sk: key("gsi2sk", ["dueAt"]) },
    },
  });

/** Spreads sessions and robots over the sweeper's partitions by the last, random character of their id. */
export function shardOf(id: string): (typeof shards)[number] {
  return shards[alphabet.indexOf(id.slice(-1)) % shards.length] ?? shards[0];
}
