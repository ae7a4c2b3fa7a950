import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { normalCode } from "@tether/protocol/enrollment-code";
import type { FromBroker } from "@tether/protocol/frame";
import type { PublicKey } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import { subprotocol, ticketIn } from "@tether/protocol/subprotocol";
import { WebSocketServer } from "ws";
import type { Clock } from "../clock/clock.ts";
import { type Connection, createConnection } from "./connection.ts";
import { createSigner, thumbprint } from "./keys.ts";
import { createWatch } from "./watch.ts";

export const robot = "rob_01J00000000000000000000000";
export const code = "7K3M-Q2N8-VX4T-B6YR-0HZ9-CWD5-EFGJ";

/** A request of the robot's, and what it was answered. */
export type Asked = { readonly path: string; readonly body: Record<string, unknown>; readonly at: number; readonly refused?: ProblemCode };

/** The robot's clock is off by so much, as that of a machine without a battery is. */
const aheadMs = 3_600_000;

const partOf = (jws: unknown, at: number) => JSON.parse(Buffer.from(String(jws).split(".")[at] ?? "", "base64url").toString() || "{}");

type Held = { readonly kid: string; readonly key: PublicKey; state: "pending" | "active" | "retiring" };

/** A broker that does what a case tells it, also what no broker should: it signs what it is asked to, and loses what it is to lose. */
export async function startService({ clock }: { clock: Clock }) {
  const asked = createWatch<Asked>(clock);
  const connections = createWatch<Connection>(clock);
  const keys: Held[] = [];
  const tickets = new Map<string, string>();
  let count = 0;
  const signer = createSigner("key-1");
  const state = { epoch: 0, refuse: undefined as ((path: string) => ProblemCode | undefined) | undefined, rotateAfter: 4e12 };
  const now = () => clock.now() + aheadMs;

  function answer(response: ServerResponse, status: number, body: object): void {
    response
      .writeHead(status, { "content-type": status < 300 ? "application/json" : "application/problem+json" })
      .end(JSON.stringify(body));
  }

  function refuse(response: ServerResponse, problem: ProblemCode): void {
    const { status, says, remedy } = problems[problem];
    const type = `${origin()}/problems/${problem}.html`;
    answer(response, status, { type, title: says, status, detail: remedy, code: problem, serverTime: now() });
  }

  const credential = ({ kid, state: of }: Held) => ({ kid, state: of, registeredAt: now(), registeredBy: "conform", activatedAt: now() });

  function handle(path: string, body: Record<string, unknown>, response: ServerResponse): ProblemCode | undefined {
    const told = state.refuse?.(path);
    if (told) return told;
    const dated = Number(partOf(body.assertion ?? body.proof, 1).iat) * 1_000;
    if (!(Math.abs(dated - now()) < limits.assertion.skewMs)) return "assertion.clock";
    if (path === "/v1/enrollments/redeem") {
      if (normalCode(String(body.code)) !== normalCode(code)) return "enrollment.invalid";
      const key = body.publicKey as PublicKey;
      keys.splice(0, keys.length, { kid: thumbprint(key), key, state: "active" });
      answer(response, 201, {
        robot: { id: robot, name: "Target" },
        credential: credential(keys[0] as Held),
        api: { origin: origin() },
        serverTime: now(),
      });
      return undefined;
    }
    if (path === `/v1/robots/${robot}/credentials`) {
      const key = body.publicKey as PublicKey;
      const held: Held = { kid: thumbprint(key), key, state: "pending" };
      if (!keys.some(({ kid }) => kid === held.kid)) keys.push(held);
      answer(response, 201, credential(held));
      return undefined;
    }
    if (path !== "/v1/tickets/robot") return "route.unknown";
    const by = keys.find(({ kid }) => kid === partOf(body.assertion, 0).kid);
    if (!by) return "assertion.key";
    if (by.state === "pending") {
      for (const key of keys) if (key.state === "active") key.state = "retiring";
      by.state = "active";
      state.rotateAfter = 4e12;
    }
    const use = String(body.use ?? "connect");
    count += 1;
    const ticket = `t${count}`;
    tickets.set(ticket, use);
    answer(response, 201, {
      ticket,
      expiresAt: now() + limits.ticket.lifeMs,
      url: `${origin().replace("http", "ws")}/broker`,
      session: { id: session, epoch: state.epoch + 1, resumed: state.epoch > 0 },
      auth: { expiresAt: now() + limits.auth.leaseMs },
      iceServers: [],
      credential: { kid: by.kid, rotateAfter: state.rotateAfter, expiresAt: 4e12 },
      serverTime: now(),
    });
    return undefined;
  }

  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      try {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        const refused = handle(path, body, response);
        if (refused) refuse(response, refused);
        asked.put({ path, body, at: clock.now(), ...(refused && { refused }) });
      } catch {
        refuse(response, "request.malformed");
      }
    });
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => subprotocol });
  sockets.on("connection", (socket, request) => {
    const ticket = ticketIn(request.headers["sec-websocket-protocol"]);
    state.epoch += 1;
    connections.put(createConnection({ clock, socket, ticket, use: tickets.get(ticket ?? ""), epoch: state.epoch }));
    tickets.delete(ticket ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin: origin(),
    asked,
    connections,
    keys,
    signer,
    state,
    now,
    post: (frame: FromBroker) => connections.all.at(-1)?.say(frame),
    async stop() {
      for (const { cut } of connections.all) cut();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const session = "rse_01J00000000000000000000000";
export type Service = Awaited<ReturnType<typeof startService>>;
