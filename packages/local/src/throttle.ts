import type { IncomingMessage, ServerResponse } from "node:http";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "./clock/clock.ts";
import { createRate } from "./gateway/rate.ts";

/** API Gateway's throttle in front of the HTTP API: above the stage's rate a request is answered 429, and nothing of ours runs. */
export interface Throttle {
  /** Answers the request if it is one too many. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** How many it answered. */
  refused(): number;
  /** Whether a robot would be given a ticket now. */
  admits(): boolean;
  /** Has it refuse every ticket, as while the API fails, until it is told otherwise. */
  shut(isShut: boolean): void;
}

/** As `infra/api.ts` deploys it, where the tickets of robots and of clients have routes of their own: each has its bucket. */
export function createThrottle(env: { clock: Clock; connectsPerSecond: number }): Throttle {
  const rate = { clock: env.clock, perSecond: Math.floor(env.connectsPerSecond * limits.admission.share) };
  const routes = { robots: createRate(rate), clients: createRate(rate), others: createRate(rate) };
  let refused = 0;
  let isShut = false;
  return {
    handle({ method, url = "" }, response) {
      const [, kind] = (method === "POST" && /^\/v1\/tickets\/(robot|client)(\?|$)/.exec(url)) || [];
      const route = kind === "robot" ? routes.robots : kind === "client" ? routes.clients : routes.others;
      if (!(isShut && kind) && route.take()) return false;
      refused++;
      response.writeHead(429, { "content-type": "application/json" }).end(JSON.stringify({ message: "Too Many Requests" }));
      return true;
    },
    refused: () => refused,
    admits: () => !isShut && routes.robots.has(),
    shut(shut) {
      isShut = shut;
    },
  };
}
