import type { IncomingMessage } from "node:http";

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost"]);

/**
 * Whether a request was made for this machine by name. A page of any site can have its own name resolve to 127.0.0.1 and then counts
 * as the same origin as us (DNS rebinding); its requests still carry that name. The port is free: tunnels choose another one.
 */
export function isForThisMachine({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return loopback.has((headers.host ?? "").replace(/:\d+$/, "").toLowerCase());
}

export const misdirected = {
  status: 421,
  body: JSON.stringify({ message: "Tether on this machine answers to 127.0.0.1 and localhost only." }),
};
