import type { FromBroker } from "@tether/protocol/frame";

/** `gone`: the gateway has no such connection. `failed`: it did not take the frame, and says nothing of the connection. */
export type Posted = "posted" | "gone" | "failed";

export type Probed = { connectedAt: number; lastActiveAt: number } | "gone" | "failed";

/** The gateway's side of connections: post, probe, close. Nothing here throws. */
export interface Outbox {
  post(connectionId: string, frame: FromBroker): Promise<Posted>;
  probe(connectionId: string): Promise<Probed>;
  /** Closing what is gone already is no failure. `failed`: the connection may stand still. */
  close(connectionId: string): Promise<"closed" | "failed">;
}
