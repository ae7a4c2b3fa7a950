import { roles } from "@tether/protocol/role";
import { describe, expect, test } from "vitest";
import { admin, createWorld, operator, owner, stranger, viewer } from "../../../local/test/world/world.ts";

type Needs = (typeof roles)[number] | "user" | "self" | "admin" | "anyone";
const robot = "/v1/robots/{robot}";

/** Who each route is for, and what a good request of it is. `self`: one's own sign-ins, or anyone's as an admin. */
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

describe.each(Object.entries(routes))("%s", (route, { needs, query = "", body }) => {
  test.each(Object.keys(callers) as (keyof typeof callers)[])("is open to %s as the table says [A3]", async (caller) => {
    const world = await createWorld();
    const rover = await world.createRobot();
    const machine = await world.join(rover);
    const { body: user } = await world.call<{ id: string }>("GET", "/v1/users/me", { as: stranger });
    const [method = "", template = ""] = route.split(" ");
    const path = template.replace("{robot}", rover.id).replace("{kid}", rover.kid).replace("{session}", machine.session);
    const target = needs === "self" ? `?sub=${caller === "stranger" ? "somebody-else" : user.id}` : query;
    const asked = route === "POST /v1/tickets/client" ? { robot: rover.id } : body;
    const as = callers[caller];
    const { status, body: answer } = await world.call(method, `${path}${target}`, { ...(as && { as }), ...(asked && { body: asked }) });
    const code = (answer as { code?: string } | undefined)?.code;
    const isRobotsOwn = template.includes("{robot}") || template === "/v1/tickets/client";
    if (allowed(needs, caller)) {
      expect(["auth.missing", "access.denied", "robot.unknown"]).not.toContain(code);
      if (needs !== "anyone") expect(status).toBeLessThan(300);
    } else if (caller === "nobody") expect([status, code]).toEqual([401, "auth.missing"]);
    else if (caller === "stranger" && isRobotsOwn) expect([status, code]).toEqual([404, "robot.unknown"]);
    else expect([status, code]).toEqual([403, "access.denied"]);
  });
});
