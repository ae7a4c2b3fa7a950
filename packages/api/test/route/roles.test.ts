import { roles } from "@tether/protocol/role";
import { expect, test } from "vitest";
import { admin, createWorld, operator, owner, stranger, viewer, type World } from "../../../local/test/world/world.ts";

type Needs = (typeof roles)[number] | "user" | "self" | "admin" | "anyone";
const robot = "/v1/robots/{robot}";

/** The callers that each route is for, and a good request of it. `self`: one's own sign-ins, or anyone's as an admin. */
const routes: Record<string, { needs: Needs; query?: string; body?: object }> = {
  "GET /v1/health": { needs: "anyone" },
  "GET /v1/sign-in": { needs: "anyone" },
  "POST /v1/robots": { needs: "user", body: { name: "Rover" } },
  "GET /v1/robots": { needs: "user" },
  [`GET ${robot}`]: { needs: "viewer" },
  [`PATCH ${robot}`]: { needs: "owner", body: { name: "Rover II" } },
  [`DELETE ${robot}`]: { needs: "owner" },
  [`POST ${robot}/stop`]: { needs: "viewer", body: {} },
  [`PUT ${robot}/grants`]: { needs: "owner", body: { to: "email:someone@example.org", role: "owner" } },
  [`GET ${robot}/grants`]: { needs: "owner" },
  [`DELETE ${robot}/grants`]: { needs: "owner", query: "?to=email:viewer@tether.local" },
  [`POST ${robot}/credentials`]: {
    needs: "owner",
    body: { publicKey: { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" } },
  },
  [`GET ${robot}/credentials`]: { needs: "owner" },
  [`DELETE ${robot}/credentials/{kid}`]: { needs: "owner", query: "?force=true" },
  [`POST ${robot}/enrollments`]: { needs: "owner" },
  [`GET ${robot}/sessions`]: { needs: "viewer" },
  [`GET ${robot}/sessions/{session}`]: { needs: "viewer" },
  [`POST ${robot}/sessions/{session}/end`]: { needs: "owner", body: {} },
  [`GET ${robot}/timeline`]: { needs: "viewer" },
  "POST /v1/enrollments/redeem": { needs: "anyone" },
  "POST /v1/tickets/client": { needs: "viewer", body: {} },
  "POST /v1/tickets/robot": { needs: "anyone" },
  "GET /v1/users/me": { needs: "user" },
  "POST /v1/users/revoke": { needs: "self" },
  "GET /v1/ice-servers": { needs: "user" },
};

test("every route of the API is in the table, and no other", async () => {
  const world = await createWorld();
  const { body } = await world.call<{ paths: Record<string, object> }>("GET", "/v1/openapi.json");
  const there = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(there.sort()).toEqual(Object.keys(routes).sort());
});

const callers = { nobody: undefined, stranger, viewer, operator, owner, admin } as const;

function allowed(needs: Needs, caller: keyof typeof callers): boolean {
  if (needs === "anyone") return true;
  if (caller === "nobody") return false;
  if (needs === "user" || caller === "admin") return true;
  if (needs === "self" || needs === "admin" || caller === "stranger") return false;
  return roles.indexOf(caller) >= roles.indexOf(needs);
}

/** A robot that is online, with all that a route's path may name. */
async function machineIn(world: World) {
  const rover = await world.createRobot();
  const { session } = await world.join(rover);
  return { id: rover.id, kid: rover.kid, session };
}

test.each(Object.entries(routes))("%s is open to everyone whom the table names, and to nobody else [A3]", async (route, row) => {
  const { needs, query = "", body } = row;
  const world = await createWorld();
  let machine = await machineIn(world);
  const { body: user } = await world.call<{ id: string }>("GET", "/v1/users/me", { as: stranger });
  const [method = "", template = ""] = route.split(" ");
  const isRobotsOwn = template.includes("{robot}") || template === "/v1/tickets/client";
  // The strongest come last: who is refused changes nothing that the next one asks for.
  for (const caller of Object.keys(callers) as (keyof typeof callers)[]) {
    const path = template.replace("{robot}", machine.id).replace("{kid}", machine.kid).replace("{session}", machine.session);
    const target = needs === "self" ? `?sub=${caller === "stranger" ? "somebody-else" : user.id}` : query;
    const asked = route === "POST /v1/tickets/client" ? { robot: machine.id } : body;
    const as = callers[caller];
    const { status, body: answer } = await world.call(method, `${path}${target}`, { ...(as && { as }), ...(asked && { body: asked }) });
    const code = (answer as { code?: string } | undefined)?.code;
    if (allowed(needs, caller)) {
      expect(["auth.missing", "access.denied", "robot.unknown"], caller).not.toContain(code);
      if (needs !== "anyone") expect([caller, status < 300]).toEqual([caller, true]);
      if (method !== "GET" && isRobotsOwn) machine = await machineIn(world);
    } else if (caller === "nobody") expect([caller, status, code]).toEqual([caller, 401, "auth.missing"]);
    else if (caller === "stranger" && isRobotsOwn) expect([caller, status, code]).toEqual([caller, 404, "robot.unknown"]);
    else expect([caller, status, code]).toEqual([caller, 403, "access.denied"]);
  }
});
