import { isUtf8 } from "node:buffer";
import { limits } from "@tether/protocol/limits";
import type { WebSocket } from "ws";
import type { Clock } from "../clock/clock.ts";
import type { GatewayEnd } from "../clock/link.ts";
import type { Faults } from "../fault/faults.ts";
import type { Random } from "../fault/random.ts";
import type { Turn } from "../turn.ts";
import type { Account } from "./account.ts";
import { type ConnectionFacts, requestContext } from "./context.ts";
import { bill, type Counts } from "./counts.ts";
import type { AuthorizerContext, Handlers } from "./event.ts";
import { gatewayId } from "./id.ts";
import type { Invoke } from "./invoke.ts";
import type { Log } from "./log.ts";
import { disconnectHeaders } from "./request.ts";
import { routeOf } from "./route.ts";

export interface Connection {
  readonly facts: ConnectionFacts;
  readonly authorizer: AuthorizerContext;
  lastActiveAt(): number;
  /** Sends to the client; the answer does not say that it arrives. */
  post(data: Buffer): void;
  /** Closes with a close frame. */
  end(code: number, reason: string): void;
  /** Drops the socket with no close frame: both ends see 1006. */
  cut(): void;
  /** As `cut`, with no `$disconnect`. */
  abandon(): void;
  /** The network is gone and neither end knows: what is sent vanishes until the idle limit. */
  stall(): void;
}

export type ConnectionEnv = {
  clock: Clock;
  random: Random;
  faults: Faults;
  handlers: Pick<Handlers, "default" | "disconnect">;
  invoke: Invoke;
  account: Pick<Account, "admits">;
  counts: Counts;
  log: Log;
  turn: Turn | undefined;
};

/** API Gateway's words where the client gave none. A recorded idle close says “Going away”, a deletion “Connection Closed Normally”. */
const reasons: Record<number, string> = { 1005: "Client-side close frame status code not set" };

/** An established WebSocket. `over` is called as soon as nothing can be posted to it any more. */
export function serve(
  env: ConnectionEnv,
  of: { ws: WebSocket; link: GatewayEnd | undefined; facts: ConnectionFacts; authorizer: AuthorizerContext; over: () => void },
): Connection {
  const { clock, faults, handlers, invoke, counts, account } = env;
  const { ws, link, facts, authorizer } = of;
  const { connectionId } = facts;
  let lastActiveAt = clock.now();
  let decided: { code: number; reason: string } | undefined;
  /** Messages that were taken and are on their way. */
  const underWay = new Set<() => void>();
  let events = 0;
  let live = true;
  let stalled = false;
  let abandoned = false;

  function retire(): void {
    if (!live) return;
    live = false;
    cancelLife();
    cancelIdle();
    cancelProxy();
    of.over();
  }

  function end(code: number, reason: string): void {
    if (!live) return;
    // The gateway delivers the messages that it took before the order to close, and closes then.
    for (const arrive of underWay) arrive();
    decided = { code, reason };
    retire();
    link?.closing();
    if (stalled) ws.terminate();
    else ws.close(code, reason);
  }

  function watchIdle(): () => void {
    const leftMs = lastActiveAt + limits.gateway.idleMs - clock.now();
    return clock.after(leftMs, () => {
      if (clock.now() - lastActiveAt >= limits.gateway.idleMs) end(1001, "Going away");
      else cancelIdle = watchIdle();
    });
  }

  const proxyIdleMs = faults.proxyIdleMs();
  let cancelProxy = () => {};

  /** A proxy counts anew with each frame. */
  function watchProxy(): void {
    if (proxyIdleMs === undefined || !live) return;
    cancelProxy();
    cancelProxy = clock.after(proxyIdleMs, cut);
  }

  /** A frame crosses the connection. */
  function touch(): void {
    lastActiveAt = clock.now();
    watchProxy();
  }

  const cancelLife = clock.after(facts.connectedAt + limits.gateway.connectionLifeMs - clock.now(), () => end(1001, "Going away"));
  let cancelIdle = watchIdle();
  watchProxy();

  const later = (delayMs: number, run: () => void) => (delayMs > 0 ? void clock.after(delayMs, run) : run());

  function context(requestId = gatewayId(env.random)) {
    return { ...requestContext(facts, clock.now(), requestId), authorizer };
  }

  function send(data: Buffer): void {
    if (!live || stalled) return;
    bill(counts, "messagesOut", data.length);
    link?.sent();
    ws.send(data, { binary: !isUtf8(data) });
  }

  function receive(data: Buffer, binary: boolean): void {
    if (!live) return;
    if (faults.strikes("silent")) {
      stall();
      return;
    }
    touch();
    bill(counts, "messagesIn", data.length);
    // The API has no binary media types.
    if (binary) {
      end(1003, "");
      return;
    }
    const body = data.toString("utf8");
    const common = context();
    const say = (message: string) => send(Buffer.from(JSON.stringify({ message, connectionId, requestId: common.requestId })));
    if (faults.strikes("message.throttled") || !account.admits()) {
      say("Too Many Requests");
      return;
    }
    if (routeOf(body) === "ping") {
      counts.pings++;
      return;
    }
    const requestContext = { ...common, routeKey: "$default", eventType: "MESSAGE", messageId: gatewayId(env.random) } as const;
    later(faults.invokeDelayMs(), async () => {
      const event = { requestContext, body, isBase64Encoded: false } as const;
      const outcome = await invoke("$default", connectionId, () => handlers.default(event));
      if (outcome.is === "returned") return;
      say(outcome.is === "timed out" ? "Endpoint request timed out" : "Internal server error");
    });
  }

  function disconnected(code: number, reason: string): void {
    if (abandoned) return;
    const requestContext = {
      ...context(),
      routeKey: "$disconnect",
      eventType: "DISCONNECT",
      disconnectStatusCode: code,
      disconnectReason: reason,
    } as const;
    const event = { ...disconnectHeaders(facts.domainName), requestContext, isBase64Encoded: false } as const;
    for (const delayMs of faults.disconnect()) {
      later(delayMs + faults.invokeDelayMs(), () => void invoke("$disconnect", connectionId, () => handlers.disconnect(event)));
    }
  }

  /** Does it at once, or in its turn. */
  function inTurn(what: string, run: () => void): void {
    events++;
    if (env.turn === undefined) run();
    else
      void env.turn(`${connectionId} ${events} ${what}`).then((done) => {
        run();
        done();
      });
  }

  ws.on("ping", watchProxy);
  ws.on("message", (data: Buffer, binary) =>
    inTurn("message", () => {
      receive(data, binary);
      link?.received();
    }),
  );
  // `ws` has begun to close with the fitting code; nothing is to be relayed meanwhile.
  ws.on("error", (error) => {
    if ("code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") end(1009, "");
    else retire();
  });
  ws.on("close", (code, bytes) =>
    inTurn("close", () => {
      retire();
      const by = decided ? "gateway" : code === 1006 ? "network" : "end";
      env.log({ level: "info", event: "closed", connectionId, by, code: decided?.code ?? code });
      disconnected(decided?.code ?? code, decided?.reason ?? (bytes.toString() || (reasons[code] ?? "")));
      link?.closed();
    }),
  );

  function stall(): void {
    stalled = true;
    link?.lost();
    ws.pause();
  }

  function cut(): void {
    retire();
    link?.closing();
    ws.terminate();
  }

  return {
    facts,
    authorizer,
    lastActiveAt: () => lastActiveAt,
    post(data) {
      touch();
      for (const delayMs of faults.deliver()) {
        const arrive = () => {
          if (underWay.delete(arrive)) send(data);
        };
        underWay.add(arrive);
        later(delayMs, arrive);
      }
    },
    end,
    cut,
    abandon() {
      abandoned = true;
      cut();
    },
    stall,
  };
}
