import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ToBroker } from "@tether/protocol/frame";
import { limits } from "@tether/protocol/limits";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import { subprotocol, ticketIn } from "@tether/protocol/subprotocol";
import { WebSocketServer } from "ws";
import type { Clock } from "../../clock/clock.ts";
import { type Connection, createConnection } from "../connection.ts";
import { createWatch } from "../watch.ts";

export const robot = "rob_01J00000000000000000000000";

/** A request of the client's, and what it was answered. */
type Asked = {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly token: string | undefined;
  readonly at: number;
  readonly refused?: ProblemCode;
};

/** The token that the client is given. Whoever reads it finds no claims in it: a client has no need to. */
export const token = "conform-token";

type Options = { readonly clock: Clock; readonly heard: (connection: Connection, frame: ToBroker) => void };

/** An API and a broker that let a client in, and do with its frames what the trial tells them. */
export async function startClientService({ clock, heard }: Options) {
  const asked = createWatch<Asked>(clock);
  const connections = createWatch<Connection>(clock);
  const tickets = new Map<string, string>();
  const now = () => clock.now() + 3_600_000;
  const state = { epoch: 0, sessions: 0, refuse: undefined as ((path: string) => ProblemCode | undefined) | undefined };
  let count = 0;
  const sessionId = () => `cse_01J000000000000000000000${String(state.sessions).padStart(2, "0")}`;

  function answer(response: ServerResponse, status: number, body: object): void {
    response
      .writeHead(status, {
        "content-type": status < 300 ? "application/json" : "application/problem+json",
        "access-control-allow-origin": "*",
      })
      .end(JSON.stringify(body));
  }

  function refuse(response: ServerResponse, problem: ProblemCode): void {
    const { status, says, remedy } = problems[problem];
    const type = `${origin()}/problems/${problem}.html`;
    answer(response, status, { type, title: says, status, detail: remedy, code: problem, serverTime: now() });
  }

  function handle({ path, body, token: by }: Omit<Asked, "at">, response: ServerResponse): ProblemCode | undefined {
    const told = state.refuse?.(path);
    if (told) return told;
    if (path !== "/v1/tickets/client") return "route.unknown";
    if (by === undefined) return "auth.missing";
    if (by !== token) return "auth.invalid";
    if (body.robot !== robot) return "robot.unknown";
    const resumed = state.sessions > 0 && body.session === sessionId();
    if (body.session !== undefined && !resumed) return "session.unknown";
    if (!resumed) {
      state.sessions += 1;
      state.epoch = 0;
    }
    count += 1;
    const use = String(body.use ?? "connect");
    tickets.set(`t${count}`, use);
    answer(response, 201, {
      ticket: `t${count}`,
      expiresAt: now() + limits.ticket.lifeMs,
      url: `${origin().replace("http", "ws")}/broker`,
      session: { id: sessionId(), epoch: state.epoch + (use === "renew" ? 0 : 1), resumed },
      auth: { expiresAt: now() + limits.auth.leaseMs },
      iceServers: [],
      serverTime: now(),
    });
    return undefined;
  }

  const server = createServer((request: IncomingMessage, response) => {
    if (request.method === "OPTIONS") {
      const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "authorization, content-type" };
      return void response.writeHead(204, headers).end();
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      try {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        const by = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
        const refused = handle({ path, body, token: by }, response);
        if (refused) refuse(response, refused);
        asked.put({ path, body, token: by, at: clock.now(), ...(refused && { refused }) });
      } catch {
        refuse(response, "request.malformed");
      }
    });
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => subprotocol });
  sockets.on("connection", (socket, request) => {
    const ticket = ticketIn(request.headers["sec-websocket-protocol"]);
    state.epoch += 1;
    const opened = { clock, socket, ticket, use: tickets.get(ticket ?? ""), epoch: state.epoch };
    const connection: Connection = createConnection({ ...opened, told: (frame) => heard(connection, frame) });
    tickets.delete(ticket ?? "");
    connections.put(connection);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin: origin(),
    asked,
    connections,
    state,
    now,
    sessionId,
    async stop() {
      for (const { cut } of connections.all) cut();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
