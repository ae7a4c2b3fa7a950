import type { PeerConnectionLike } from "@tether/sdk/peer";
import { NativeConnection } from "./native/connection.ts";

/** A peer connection in the place of one that could not be made. It failed: a client that offers again may have better luck. */
export function failedConnection(): PeerConnectionLike {
  const connection = new NativeConnection({ step() {}, send() {}, close() {} });
  connection.fail();
  return connection;
}
