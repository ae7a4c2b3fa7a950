import { alphabet } from "@tether/protocol/base32";
import { limits } from "@tether/protocol/limits";
import type { TrackKind } from "@tether/protocol/peer";
import { Entity } from "electrodb";
import type { Connection, Pending } from "./connection.ts";
import type { Ending } from "./ending.ts";
import { indexes, key, required, requiredValue, service, value } from "./entity.ts";
import type { Principal } from "./principal.ts";

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
      shard: required.string,
      /** In which of the rounds the gateway is asked about it; a session of before there were any has one from its next hello on. */
      round: { type: "string" },
      pending: value<Pending>(),
      connection: value<Connection>(),
      instance: { type: "string" },
      previous: value<{ epoch: number; until: number }>(),
      monitors: { type: "boolean" },
      keepsAlive: { type: "boolean" },
      tracks: value<readonly TrackKind[]>(),
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
      // Keys that a session has for life, so that looking at it, its comings and its goings write nothing here.
      presence: {
        index: indexes.presence,
        condition: ({ round }) => round !== undefined,
        pk: key("gsi3pk", ["round"]),
        sk: key("gsi3sk", []),
      },
    },
  });

/** Spreads sessions and robots over so many partitions of the sweeper's index, by the last, random character of their id. */
export function shardOf(id: string, shards: number): string {
  return String(alphabet.indexOf(id.slice(-1)) % shards);
}

/** The partitions' names, where there are so many. */
export const shardNames = (shards: number): string[] => Array.from({ length: shards }, (_, shard) => String(shard));

/** How many rounds there are: one run of the presence checks does one, and all are done in the time after which a session is looked up again. */
export const rounds = limits.session.verifyMs / limits.presence.everyMs;

/** By the last two characters: the 32 values of one would not come out even among six rounds. */
export function roundOf(sessionId: string): string {
  const [tens = "", ones = ""] = sessionId.slice(-2);
  return String((alphabet.indexOf(tens) * alphabet.length + alphabet.indexOf(ones)) % rounds);
}
