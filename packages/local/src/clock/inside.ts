import type { Server } from "node:http";
import { type Duplex, duplexPair } from "node:stream";

let made = 0;

/**
 * Makes connections to a server of this process that take no port and no file descriptor: tens of thousands of them fit. Its two
 * halves say of each other what a TCP socket says of its ends, so that what is under way on them can be told.
 */
export function dialInside(server: Server): () => Duplex {
  return () => {
    const [near, far] = duplexPair();
    made++;
    const [client, host] = [
      { address: "127.0.0.1", port: made },
      { address: "127.0.0.1", port: 0 },
    ];
    Object.assign(near, { localAddress: client.address, localPort: client.port, remoteAddress: host.address, remotePort: host.port });
    Object.assign(far, { localAddress: host.address, localPort: host.port, remoteAddress: client.address, remotePort: client.port });
    // A half that is destroyed would leave the other waiting for it.
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
    server.emit("connection", far);
    return near;
  };
}
