import type { RtcConfig } from "node-datachannel";
import type { ToMedia } from "../message.ts";
import { serversOf } from "./servers.ts";

/** The configuration of each peer connection of libdatachannel. */
export function configurationOf({
  iceServers,
  relayOnly,
}: Pick<Extract<ToMedia, { type: "open" }>, "iceServers" | "relayOnly">): RtcConfig {
  return {
    iceServers: serversOf(iceServers),
    iceTransportPolicy: relayOnly ? "relay" : "all",
    disableAutoNegotiation: true,
    // Without it, tracks that are added after the first answer never open.
    forceMediaTransport: true,
  };
}
