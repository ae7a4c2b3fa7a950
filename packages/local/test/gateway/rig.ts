import { createServer } from "node:http";
import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { createQuiet, type Quiet } from "../../src/clock/quiet.ts";
import { nextTurn, realClock } from "../../src/clock/real.ts";
import { type TrackedSocket, trackedSocket } from "../../src/clock/socket.ts";
import { createVirtualClock, type VirtualClock } from "../../src/clock/virtual.ts";
import { createFaults, type Faults } from "../../src/fault/faults.ts";
import { seededRandom } from "../../src/fault/random.ts";
import type { AuthorizerEvent, AuthorizerResult, ConnectEvent, DefaultEvent, DisconnectEvent, Handlers } from "../../src/gateway/event.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../../src/gateway/gateway.ts";
import type { Invocation } from "../../src/gateway/invoke.ts";

export const startAt = Date.UTC(2026, 10, 23, 12, 0, 0);

type Seen = { authorizer: AuthorizerEvent[]; connect: ConnectEvent[]; default: DefaultEvent[]; disconnect: DisconnectEvent[] };

export interface Rig {
  gateway: Gateway;
  faults: Faults;
  clock: VirtualClock;
  quiet: Quiet;
  seen: Seen;
  invocations: Invocation[];
  url: string;
  api: ApiGatewayManagementApiClient;
  /** Opens a socket and waits until all is quiet. */
  connect(options?: { path?: string; protocols?: string[] }): Promise<Ended>;
  stop(): Promise<void>;
}

/** A socket with what it was told. */
type Ended = {
  socket: TrackedSocket;
  received: string[];
  errors: string[];
  opened: boolean;
  closed: { code: number; reason: string } | undefined;
};

export function allow(event: AuthorizerEvent, context: AuthorizerResult["context"] = {}): AuthorizerResult {
  const Statement = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: event.methodArn }];
  return { principalId: "user-1", policyDocument: { Version: "2012-10-17", Statement }, context };
}

/** A gateway on a real port, on a virtual clock that waits for real sockets. */
export async function startRig(
  options: { handlers?: Partial<Handlers>; limitMs?: number } & Pick<GatewayOptions, "connectsPerSecond" | "identitySources"> = {},
): Promise<Rig> {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn, ...(options.limitMs === undefined ? {} : { limitMs: options.limitMs }) });
  const clock = createVirtualClock({ startAt, idle: () => quiet.idle() });
  const random = seededRandom(1);
  const faults = createFaults({ random });
  const seen: Seen = { authorizer: [], connect: [], default: [], disconnect: [] };
  const invocations: Invocation[] = [];
  const given: Handlers = {
    authorizer: async (event) => allow(event, { kind: "client", epoch: 7, admin: true }),
    connect: async () => ({ statusCode: 200 }),
    default: async () => ({ statusCode: 200 }),
    disconnect: async () => ({ statusCode: 200 }),
    ...options.handlers,
  };
  const handlers: Handlers = {
    authorizer(event) {
      seen.authorizer.push(event);
      return given.authorizer(event);
    },
    connect(event) {
      seen.connect.push(event);
      return given.connect(event);
    },
    default(event) {
      seen.default.push(event);
      return given.default(event);
    },
    disconnect(event) {
      seen.disconnect.push(event);
      return given.disconnect(event);
    },
  };

  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  const host = `127.0.0.1:${address.port}`;
  const gateway = createGateway({
    clock,
    random,
    quiet,
    faults,
    handlers,
    credentials: { accessKeyId: "broker", secretAccessKey: "rig" },
    stage: "local",
    publicUrl: `http://${host}`,
    log: () => {},
    onInvoke: (invocation) => invocations.push(invocation),
    ...(options.identitySources && { identitySources: options.identitySources }),
    ...(options.connectsPerSecond === undefined ? {} : { connectsPerSecond: options.connectsPerSecond }),
  });
  server.on("upgrade", (request, socket, head) => {
    if (!gateway.handleUpgrade(request, socket, head)) socket.destroy();
  });
  server.on("request", (request, response) => {
    if (!gateway.handleRequest(request, response)) response.writeHead(404).end();
  });

  const api = new ApiGatewayManagementApiClient({
    endpoint: `http://${host}/local`,
    region: "us-east-1",
    credentials: { accessKeyId: "broker", secretAccessKey: "rig" },
    maxAttempts: 1,
  });

  return {
    gateway,
    faults,
    clock,
    quiet,
    seen,
    invocations,
    api,
    url: `ws://${host}/local`,
    async connect({ path = "/local", protocols = [] } = {}) {
      const ended: Ended = {
        socket: trackedSocket(quiet, `ws://${host}${path}`, protocols),
        received: [],
        errors: [],
        opened: false,
        closed: undefined,
      };
      ended.socket.onopen = () => {
        ended.opened = true;
      };
      ended.socket.onmessage = ({ data }) => ended.received.push(String(data));
      ended.socket.onerror = ({ message }) => ended.errors.push(message);
      ended.socket.onclose = ({ code, reason }) => {
        ended.closed = { code, reason };
      };
      await quiet.idle();
      return ended;
    },
    async stop() {
      gateway.close();
      api.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

export function only<Item>(items: readonly Item[]): Item {
  const [first, ...more] = items;
  if (first === undefined || more.length > 0) throw new Error(`expected one, got ${items.length}`);
  return first;
}
