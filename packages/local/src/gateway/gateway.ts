import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { limits } from "@tether/protocol/limits";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../clock/clock.ts";
import { type GatewayEnd, portsOf } from "../clock/link.ts";
import type { Quiet } from "../clock/quiet.ts";
import { type RequestTime, realRequestTime } from "../clock/request-time.ts";
import { createScopedClock } from "../clock/scope.ts";
import { createFaults, type Faults } from "../fault/faults.ts";
import type { Random } from "../fault/random.ts";
import type { Turn } from "../turn.ts";
import { type Account, createAccount } from "./account.ts";
import { type Connection, serve } from "./connection.ts";
import type { ConnectionFacts } from "./context.ts";
import { type Counts, createCounts } from "./counts.ts";
import type { Handlers } from "./event.ts";
import { createFrameSize } from "./frame-size.ts";
import { type Granted, handshake } from "./handshake.ts";
import { gatewayId } from "./id.ts";
import { type Inspection, inspection } from "./inspection.ts";
import { createInvoke, type Invocation } from "./invoke.ts";
import type { Log } from "./log.ts";
import { connectionIdIn, manage } from "./management.ts";
import { createRate } from "./rate.ts";
import { type Refusal, refusal, refuse, sayWhatThisIs } from "./refusal.ts";
import { sourceIp, targetOf } from "./request.ts";
import type { Credentials } from "./signature.ts";

export type GatewayOptions = {
  clock: Clock;
  random: Random;
  log: Log;
  handlers: Handlers;
  /** Requests to `@connections` must be signed with these. */
  credentials: Credentials;
  /** The path's first segment. */
  stage: string;
  /** Where clients reach the server; its host is the events' `domainName`. */
  publicUrl: string;
  quiet?: Quiet;
  faults?: Faults;
  /** New connections a second; the account's quota unless told. */
  connectsPerSecond?: number;
  /** A handshake must have these before the authorizer is asked; they are named as API Gateway names them. */
  identitySources?: readonly string[];
  account?: Account;
  /** The time that answers of `@connections` take; the clock's unless told. */
  time?: RequestTime;
  onInvoke?: (invocation: Invocation) => void;
  turn?: Turn;
};

export interface Gateway {
  /** For the server's "upgrade". False when the path is not this API's; the socket is then untouched. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** For the server's "request": the `@connections` API. False when the path is not of it. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  readonly connections: Inspection;
  counts(): Readonly<Counts>;
  /** Drops every socket and forgets every timer, like a gateway that is gone: no `$disconnect` follows. */
  close(): void;
}

/** API Gateway's WebSocket API as an http server's guest. */
export function createGateway(options: GatewayOptions): Gateway {
  const { log, quiet, random, stage, identitySources = ["context.connectionId"] } = options;
  const clock = createScopedClock(options.clock);
  const faults = options.faults ?? createFaults({ random });
  const { time = realRequestTime(clock) } = options;
  const account = options.account ?? createAccount({ time, faults });
  const invoke = createInvoke({ ...options, clock, account });
  const rate = createRate({ clock, perSecond: options.connectsPerSecond ?? limits.gateway.connectsPerSecond });
  const counts = createCounts();
  const env = { clock, random, faults, invoke, account, counts, log, turn: options.turn, handlers: options.handlers, identitySources };
  const connections = new Map<string, Connection>();
  const protocols = new WeakMap<IncomingMessage, string>();
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.gateway.messageBytes,
    handleProtocols: (_offered, request) => protocols.get(request) ?? false,
  });
  /** Sockets whose handshake is not answered yet. */
  const opening = new Set<Duplex>();

  function factsOf(request: IncomingMessage): ConnectionFacts {
    const userAgent = request.headers["user-agent"];
    return {
      stage,
      domainName: new URL(options.publicUrl).host,
      connectionId: gatewayId(random),
      connectedAt: clock.now(),
      identity: { ...(userAgent === undefined ? {} : { userAgent }), sourceIp: sourceIp(request) },
    };
  }

  function linkOf(request: IncomingMessage): GatewayEnd | undefined {
    return quiet?.links.find(portsOf({ client: request.socket.remotePort, server: request.socket.localPort }));
  }

  function establish(request: IncomingMessage, socket: Duplex, head: Buffer, facts: ConnectionFacts, granted: Granted): void {
    const { connectionId } = facts;
    const link = linkOf(request);
    if (granted.protocol !== undefined) protocols.set(request, granted.protocol);
    link?.attached();
    wss.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      const over = () => connections.delete(connectionId);
      const connection = serve(env, { ws, link, facts, authorizer: granted.authorizer, over });
      connections.set(connectionId, connection);
      counts.connects++;
      const frames = createFrameSize(limits.gateway.frameBytes, () => connection.end(1009, ""));
      // Before `ws` reads the same bytes, or it would hand on the frame first.
      socket.prependListener("data", (chunk: Buffer) => frames.push(chunk));
      log({ level: "info", event: "connected", connectionId });
    });
    // The callback has been called by now, unless the socket died while the handlers ran.
    if (!connections.has(connectionId)) link?.closed();
  }

  /** While it lasts, the client's handshake waits for the clock, so the clock must not wait for the handshake. */
  function latency(link: GatewayEnd | undefined): Promise<void> {
    const ms = faults.invokeDelayMs();
    if (ms === 0) return Promise.resolve();
    const resume = link?.suspend();
    return new Promise((resolve) => {
      clock.after(ms, () => {
        resume?.();
        resolve();
      });
    });
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    (await options.turn?.(`upgrade ${request.headers["sec-websocket-protocol"]}`))?.();
    const facts = factsOf(request);
    const delay = () => latency(linkOf(request));
    const admitted = account.admits() && rate.take();
    if (!admitted) counts.refused++;
    const answer: Granted | Refusal = admitted ? await handshake({ ...env, delay }, request, facts) : refusal(429);
    if (!opening.delete(socket)) return;
    if (!("status" in answer)) return establish(request, socket, head, facts, answer);
    log({ level: "info", event: "refused", connectionId: facts.connectionId, status: answer.status });
    refuse(socket, answer);
  }

  const isStage = (request: IncomingMessage) => {
    const [, first, ...rest] = targetOf(request).pathname.split("/");
    return first === stage && rest.every((segment) => segment === "");
  };

  return {
    handleUpgrade(request, socket, head) {
      if (!isStage(request)) return false;
      // A client that gives up while it waits must not take the process with it.
      socket.on("error", () => socket.destroy());
      opening.add(socket);
      void upgrade(request, socket, head);
      return true;
    },
    handleRequest(request, response) {
      if (isStage(request)) {
        sayWhatThisIs(response);
        return true;
      }
      const connectionId = connectionIdIn(request, stage);
      if (connectionId === undefined) return false;
      // The broker's SDK lives in real time: by the system's date it would take its own clock for wrong, and try again what was answered 410.
      response.removeHeader("date");
      const find = (id: string) => connections.get(id);
      // Only a request that broke off can fail here, and nobody is left to be answered.
      manage({ faults, account, time, find, credentials: options.credentials }, connectionId, request, response).catch(() =>
        response.destroy(),
      );
      return true;
    },
    connections: inspection(clock, connections),
    counts: () => ({ ...counts }),
    close() {
      clock.cancelAll();
      for (const socket of opening) socket.destroy();
      opening.clear();
      for (const connection of [...connections.values()]) connection.abandon();
    },
  };
}
