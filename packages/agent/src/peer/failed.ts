import type { PeerConnectionLike } from "@tether/sdk/peer";
import { NativeConnection } from "./native/connection.ts";

/** A peer connection in the place of one that could not be made. It failed, so that it takes no offer. */
export function failedConnection(): PeerConnectionLike {
  const connection = new NativeConnection({ step() {}, send() {}, close() {} });
  connection.fail();
  return connection;
}
