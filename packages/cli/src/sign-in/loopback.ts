import { createServer, type RequestListener, type Server } from "node:http";
import type { Trouble } from "../exit.ts";

type Listening = { readonly port: number; close(): void };

/**
 * Listens on this machine alone, by both its addresses: `localhost` may be either to a browser (RFC 8252 §7.3). Port 0 takes a
 * free one.
 */
export async function listen(answer: RequestListener, port: number): Promise<Listening | Trouble> {
  const servers: Server[] = [];
  const close = () => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  };
  let taken = port;
  for (const host of ["127.0.0.1", "::1"]) {
    const server = createServer(answer);
    const bound = await bind(server, taken, host);
    if (bound === "absent" && host === "::1") break;
    if (typeof bound === "string") {
      close();
      return inUse(taken);
    }
    servers.push(server);
    taken = bound;
  }
  return { port: taken, close };
}

/** The port, or why there is none. `absent`: this machine has no such address. */
function bind(server: Server, port: number, host: string): Promise<number | "taken" | "absent"> {
  return new Promise((resolve) => {
    server.once("error", (error) => {
      const code = "code" in error ? error.code : undefined;
      resolve(code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT" ? "absent" : "taken");
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : "taken");
    });
  });
}

function inUse(port: number): Trouble {
  return {
    exit: "failed",
    code: "port.taken",
    says: `Port ${port} on this machine, where the browser is to come back to, cannot be listened on: something else uses it.`,
    remedy: "End that (another tether sign-in?), or, where the issuer takes any port, as the local one does: tether sign-in --port 0",
  };
}
