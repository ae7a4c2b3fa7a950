import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Log } from "@tether/aws/invocation";
import type { Clock } from "@tether/core/clock";
import { isForThisMachine, misdirected } from "./loopback.ts";

/** `upgrade` says whether the socket is taken. */
type Answers = {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
};

/** Listens on the loopback interface. Until `answer` is called nothing is answered. */
export async function startServer(port: number, { log, clock }: { readonly log: Log; readonly clock: Clock }) {
  const server = createServer();
  // The machine's time is not the system's: a connection that is closed after five idle seconds of it may have a request under way by then.
  server.keepAliveTimeout = 0;
  const origin = `http://127.0.0.1:${await listen(server, port)}`;

  /** A listener that throws would end the process, and with it everybody's connections. */
  function guarded(work: () => void, giveUp: () => void): void {
    try {
      work();
    } catch (error) {
      log({ level: "error", event: "request.failed", name: error instanceof Error ? error.name : "unknown" });
      giveUp();
    }
  }

  return {
    server,
    origin,
    answer({ request: answer, upgrade }: Answers): void {
      server.on("request", (request, response) => {
        // By the system's time, as the robots here live in that.
        response.setHeader("date", new Date(clock.now()).toUTCString());
        if (isForThisMachine(request))
          guarded(
            () => answer(request, response),
            () => response.destroy(),
          );
        else response.writeHead(misdirected.status, { "content-type": "application/json" }).end(misdirected.body);
      });
      server.on("upgrade", (request, socket, head) =>
        guarded(
          () => {
            if (!isForThisMachine(request) || !upgrade(request, socket, head)) socket.destroy();
          },
          () => socket.destroy(),
        ),
      );
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address.port;
}
