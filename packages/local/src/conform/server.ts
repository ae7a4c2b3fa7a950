import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ToBroker } from "@tether/protocol/frame";
import { limits } from "@tether/protocol/limits";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import { subprotocol, ticketIn } from "@tether/protocol/subprotocol";
import { WebSocketServer } from "ws";
import type { Clock } from "../clock/clock.ts";
import { type Connection, createConnection } from "./connection.ts";
import { createWatch } from "./watch.ts";

export const robot = "rob_01J00000000000000000000000";

/** A request of the program on trial. `token` is undefined where it brought none. */
export type Request = { readonly path: string; readonly body: Record<string, unknown>; readonly token: string | undefined };

/** A request, and how it was refused, if it was. */
export type Asked = Request & { readonly at: number; readonly refused?: ProblemCode | "by a stranger" };

/** An answer that is not the service's own, as of a proxy or of a guest network's page. */
export type Strange = { readonly status: number; readonly type: string; readonly text: string };

/** The clock of the program on trial is off by so much, as that of a machine without a battery is. */
const aheadMs = 3_600_000;

/** A page may be on trial as well, from an origin of its own. */
const anyOrigin = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-expose-headers": "retry-after",
};

export type Answer = (body: object) => undefined;

type State = {
  /** The number of connections. */
  epoch: number;
  /** A case may have a request refused, or answered by somebody else. */
  refuse: ((path: string) => ProblemCode | undefined) | undefined;
  strange: ((path: string) => Strange | undefined) | undefined;
  /** The `Retry-After` of every refusal. */
  retryAfter: string | undefined;
  /** The address that tickets name instead of this server's. */
  url: string | undefined;
};

/** Whatever a case may change, as it is at first. */
export const unchanged: Omit<State, "epoch"> = { refuse: undefined, strange: undefined, retryAfter: undefined, url: undefined };

type Options = {
  readonly clock: Clock;
  readonly state: State;
  /** Answers a request, or the problem by which it is refused. */
  readonly handle: (request: Request, answer: Answer) => ProblemCode | undefined;
  readonly heard?: (connection: Connection, frame: ToBroker) => void;
};

/** The API and the broker of a trial: HTTP, tickets, and WebSockets, without a word about who is on trial. */
export async function startServer({ clock, state, handle, heard }: Options) {
  const asked = createWatch<Asked>(clock);
  const connections = createWatch<Connection>(clock);
  const uses = new Map<string, string>();
  let count = 0;
  const now = () => clock.now() + aheadMs;

  function send(response: ServerResponse, status: number, body: object): undefined {
    const type = status < 300 ? "application/json" : "application/problem+json";
    const later = status >= 300 && state.retryAfter !== undefined && { "retry-after": state.retryAfter };
    response.writeHead(status, { "content-type": type, ...later, ...anyOrigin }).end(JSON.stringify(body));
  }

  /** Answers a request, and says how it was refused, if it was. */
  function answer(one: Request, response: ServerResponse): Asked["refused"] {
    const strange = state.strange?.(one.path);
    if (strange) {
      response.writeHead(strange.status, { "content-type": strange.type, ...anyOrigin }).end(strange.text);
      return "by a stranger";
    }
    const refused = state.refuse?.(one.path) ?? handle(one, (body) => send(response, 201, body));
    if (refused) refuse(response, refused);
    return refused;
  }

  function refuse(response: ServerResponse, problem: ProblemCode): void {
    const { status, says, remedy } = problems[problem];
    const type = `${origin()}/problems/${problem}.html`;
    send(response, status, { type, title: says, status, detail: remedy, code: problem, serverTime: now() });
  }

  const server = createServer((request: IncomingMessage, response) => {
    if (request.method === "OPTIONS") return void response.writeHead(204, anyOrigin).end();
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      try {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
        const one = { path: request.url ?? "", body, token };
        const refused = answer(one, response);
        asked.put({ ...one, at: clock.now(), ...(refused && { refused }) });
      } catch {
        refuse(response, "request.malformed");
      }
    });
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => subprotocol });
  sockets.on("connection", (socket, request) => {
    const ticket = ticketIn(request.headers["sec-websocket-protocol"]);
    state.epoch += 1;
    const opened = { clock, socket, ticket, use: uses.get(ticket ?? ""), epoch: state.epoch };
    const connection: Connection = createConnection({ ...opened, ...(heard && { onFrame: (frame) => heard(connection, frame) }) });
    uses.delete(ticket ?? "");
    connections.put(connection);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin: origin(),
    asked,
    connections,
    now,
    /** The part of a ticket's answer that is the same for every end. */
    issue(use: string) {
      count += 1;
      const ticket = `t${count}`;
      uses.set(ticket, use);
      return {
        ticket,
        expiresAt: now() + limits.ticket.lifeMs,
        url: state.url ?? `${origin().replace("http", "ws")}/broker`,
        auth: { expiresAt: now() + limits.auth.leaseMs },
        iceServers: [],
        serverTime: now(),
      };
    },
    async stop() {
      for (const { cut } of connections.all) cut();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
