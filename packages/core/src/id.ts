import { monotonicFactory } from "ulid";
import type { Clock } from "./clock.ts";

/** Uniform random bytes from a cryptographic source. */
export interface Random {
  bytes(length: number): Uint8Array;
}

const prefixes = { RobotId: "rob", RobotSessionId: "rse", ClientSessionId: "cse", EventId: "evt", TicketId: "tkt" } as const;

/** Makes ids that sort by the time they were made, also within one millisecond. */
export interface Ids {
  next(kind: keyof typeof prefixes): string;
}

export function createIds(clock: Clock, random: Random): Ids {
  const ulid = monotonicFactory(() => {
    const [byte = 0] = random.bytes(1);
    return byte / 256;
  });
  return { next: (kind) => `${prefixes[kind]}_${ulid(Math.floor(clock.now()))}` };
}
