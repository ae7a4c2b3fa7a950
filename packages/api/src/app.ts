import { homeHeader } from "@tether/aws/cell";
import { edgeHeader, passedEdge } from "@tether/aws/edge";
import { nameOf, problemOf } from "@tether/aws/failure";
import { invoke, type Line } from "@tether/aws/invocation";
import { limits } from "@tether/protocol/limits";
import { problem } from "@tether/protocol/problem";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { refuse } from "./answer.ts";
import { byRobot } from "./cell/by-robot.ts";
import { everywhere } from "./cell/everywhere.ts";
import type { Env } from "./env.ts";
import { createRates } from "./rate/rates.ts";
import { credentials } from "./route/credentials.ts";
import { enrollments, redemption } from "./route/enrollments.ts";
import { grants } from "./route/grants.ts";
import { health } from "./route/health.ts";
import { iceServers } from "./route/ice-servers.ts";
import { robots } from "./route/robots.ts";
import { sessions } from "./route/sessions.ts";
import { signIn } from "./route/sign-in.ts";
import { tickets } from "./route/tickets.ts";
import { users } from "./route/users.ts";
import type { Variables } from "./variables.ts";

/** The HTTP API, the same on Lambda and on one machine. */
export function createApp(env: Env) {
  const rates = createRates(env.clock);
  const app = new Hono<Variables>()
    .use(async (c, next) => {
      await invoke(env, "request", async (line) => {
        c.set("env", env);
        c.set("line", line);
        c.set("rates", rates);
        await next();
        Object.assign(line, { method: c.req.method, route: c.req.routePath, status: c.res.status, ...idsIn(c.req.param()) });
      });
    })
    // Around the edge nothing counts by address, so nothing is answered there.
    .use(async (c, next) => (passedEdge(env.settings.edgeKeys, c.req.header(edgeHeader)) ? next() : refuse(c, problem("edge.bypassed"))))
    // Around the home cell nobody knows where a robot is, nor whether a user was revoked before there was this cell. C1
    .use(async (c, next) =>
      passedEdge(env.settings.homeKeys ?? [], c.req.header(homeHeader)) ? next() : refuse(c, problem("edge.bypassed")),
    )
    .use(
      cors({
        origin: [...env.settings.corsOrigins],
        allowHeaders: ["authorization", "content-type", "idempotency-key"],
        exposeHeaders: ["retry-after"],
        maxAge: 600,
      }),
    )
    .use(
      bodyLimit({
        maxSize: limits.http.bodyBytes,
        onError: (c) => refuse({ var: c.var as Variables["Variables"] }, problem("request.too-large")),
      }),
    )
    .use("/v1/*", (c, next) => (env.cells ? byRobot(c, next) : next()))
    .route("/v1", env.cells ? everywhere : new Hono<Variables>())
    .route("/v1/health", health)
    .route("/v1/sign-in", signIn)
    .route("/v1/robots", robots)
    .route("/v1/robots/:robot/grants", grants)
    .route("/v1/robots/:robot/credentials", credentials)
    .route("/v1/robots/:robot/enrollments", enrollments)
    .route("/v1/robots/:robot", sessions)
    .route("/v1/enrollments", redemption)
    .route("/v1/tickets", tickets)
    .route("/v1/users", users)
    .route("/v1/ice-servers", iceServers);
  // Schemas of documents are made only where somebody asks for them.
  app.get("/v1/openapi.json", async (c) => c.json((await import("./document/document.ts")).documentOf(env.settings.origin)));
  app.get("/v1/asyncapi.json", async (c) => c.json((await import("@tether/protocol/document/asyncapi")).asyncApi()));
  app.notFound((c) => refuse(c, problem("route.unknown")));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return refuse(c, problem("request.malformed"));
    c.var.line.error = nameOf(error);
    return refuse(c, problemOf(error));
  });
  return app;
}

/** Ids in the path are logged; the rest of a path is not. */
function idsIn(params: Record<string, string>): Line {
  return params.robot === undefined ? {} : { robotId: params.robot };
}
