import { limits } from "@tether/protocol/limits";
import { problems } from "@tether/protocol/problem";
import { expect, test } from "vitest";
import { createBrowser } from "../../../local/test/identity/browser.ts";
import { clientOf } from "../../../local/test/identity/rig.ts";
import { admin, createWorld, operator, owner, stranger, viewer, type World } from "../../../local/test/world/world.ts";
import { foreign, revoke } from "../../src/user/index.ts";

const subOf = (world: World, email: string) => world.system.identity.users.find((user) => user.email === email)?.sub ?? "";

/** Asks with a token that was had before. */
const asking = (world: World, token: string) => (method: string, path: string, body?: object) =>
  world.call(method, path, { headers: { authorization: `Bearer ${token}` }, ...(body && { body }) });

test("users/me answers who the token names, and nobody without one [U1]", async () => {
  const world = await createWorld();
  expect((await world.call("GET", "/v1/users/me", { as: owner })).body).toEqual({
    id: subOf(world, owner),
    email: owner,
    name: "Olive Owner",
    groups: [],
  });
  expect((await world.call("GET", "/v1/users/me", { as: admin })).body).toMatchObject({ groups: ["admins"] });
  expect((await world.call("GET", "/v1/users/me")).body).toMatchObject({ code: "auth.missing" });
});

test.each([
  ["oneself", operator],
  ["an admin", admin],
])("a user revoked by %s loses all live sessions at once, and tickets bought before are worth nothing [U2, T6]", async (_, by) => {
  const world = await createWorld();
  const robots = [await world.createRobot(), await world.createRobot("Other")] as const;
  const robotEnd = await world.join(robots[0]);
  const ends = [await world.join(robots[0], operator), await world.join(robots[0], operator), await world.join(robots[1], operator)];
  const [bystander, bought] = [await world.join(robots[0], viewer), await world.ticketFor.client(robots[0], operator)];
  const { status, body } = await world.call("POST", `/v1/users/revoke?sub=${subOf(world, operator)}`, { as: by });
  expect([status, body]).toEqual([200, { id: subOf(world, operator), revokedBefore: world.clock.now() + 1_000, signIns: "ended" }]);
  await world.idle();
  for (const end of ends) {
    expect(end.last("bye")).toMatchObject({
      cause: "user.revoked",
      actor: { type: "user", id: subOf(world, by) },
      retry: { policy: "never" },
    });
    expect(end.closed).toBeDefined();
  }
  expect(robotEnd.all("peer.ended").map(({ cause }) => cause)).toEqual(["user.revoked", "user.revoked"]);
  expect([robotEnd.closed, bystander.closed]).toEqual([undefined, undefined]);
  expect((await world.connect(bought.body.ticket)).status).toBe(403);
});

test("nobody else may revoke a user [U2]", async () => {
  const world = await createWorld();
  const path = `/v1/users/revoke?sub=${subOf(world, operator)}`;
  for (const as of [owner, stranger]) expect((await world.call("POST", path, { as })).body).toMatchObject({ code: "access.denied" });
  expect((await world.call("POST", path)).body).toMatchObject({ code: "auth.missing" });
  expect((await world.call("GET", "/v1/users/me", { as: operator })).status).toBe(200);
});

test("a token of before the revocation, or of its second, is over on every route; one of the next second is good [U3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const tokenOf = async () => (await world.system.identity.tokensFor(owner)).idToken;
  const before = await tokenOf();
  await world.clock.advance(1_999);
  const sameSecond = await tokenOf();
  expect((await world.call("POST", `/v1/users/revoke?sub=${subOf(world, owner)}`, { as: owner })).status).toBe(200);
  const justAfter = await tokenOf();
  const { body: document } = await world.call<{ paths: Record<string, Record<string, object>> }>("GET", "/v1/openapi.json");
  const open = new Set(["GET /v1/health", "GET /v1/sign-in", "POST /v1/tickets/robot", "POST /v1/enrollments/redeem"]);
  const values: Record<string, string> = {
    robot: robot.id,
    kid: robot.kid,
    session: "cse_01JD00000000000000000000A0",
  };
  const queries: Record<string, string> = {
    "DELETE /v1/robots/{robot}/grants": `?to=email:${viewer}`,
    "POST /v1/users/revoke": `?sub=${subOf(world, owner)}`,
  };
  const bodies: Record<string, object> = {
    "POST /v1/robots": { name: "Rover" },
    "PATCH /v1/robots/{robot}": { name: "Rover" },
    "PUT /v1/robots/{robot}/grants": { to: `email:${viewer}`, role: "viewer" },
    "POST /v1/robots/{robot}/credentials": { publicKey: robot.publicKey },
    "POST /v1/tickets/client": { robot: robot.id },
    "POST /v1/robots/{robot}/sessions/{session}/end": {},
  };
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const guarded = routes.filter((route) => !open.has(route));
  expect(guarded.length).toBeGreaterThanOrEqual(15);
  for (const [name, token] of Object.entries({ before, sameSecond, justAfter })) {
    for (const route of guarded) {
      const [method = "", path = ""] = route.split(" ");
      const filled = path.replace(/\{(\w+)\}/g, (_, param: string) => values[param] ?? param) + (queries[route] ?? "");
      const { body } = await asking(world, token)(method, filled, bodies[route] ?? (method === "GET" ? undefined : {}));
      expect([name, route, body?.code]).toEqual([name, route, "auth.expired"]);
    }
  }
  await world.clock.advance(1);
  const ask = asking(world, await tokenOf());
  expect((await ask("GET", "/v1/users/me")).status).toBe(200);
  expect((await ask("POST", "/v1/tickets/client", { robot: robot.id })).status).toBe(201);
});

test("a revocation never moves back, whichever of two is written last [U3]", async () => {
  const world = await createWorld();
  const sub = subOf(world, operator);
  const { env, store } = world.system;
  // With a token of later, which neither of the two revokes.
  const caller = { sub, groups: [], issuedAt: world.clock.now() + 60_000, expiresAt: world.clock.now() + 120_000 };
  const revokeAt = (now: number) => revoke({ ...env, signIns: foreign, clock: { now: () => now } }, caller, sub);
  await revokeAt(world.clock.now());
  await revokeAt(world.clock.now() - 3_000);
  const { data } = await store.entities.accessPolicy.get({ userId: sub }).go();
  expect(data?.revokedBefore).toBe(world.clock.now() + 1_000);
});

test("who signs in anew after a revocation has access and sessions again [U3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.call("POST", `/v1/users/revoke?sub=${subOf(world, operator)}`, { as: admin });
  expect((await world.ticketFor.client(robot, operator)).body).toMatchObject({ code: "auth.expired" });
  await world.clock.advance(1_000);
  const end = await world.join(robot, operator);
  await world.clock.advance(60_000);
  expect([end.last("welcome") === undefined, end.closed]).toEqual([false, undefined]);
});

/** A person with a browser at the system's own identity provider. */
function person({ system }: World) {
  const browser = createBrowser();
  const at = clientOf(system.identity, system.origin, limits.signIn.redirectUri);
  return {
    ...at,
    browser,
    async tokens(email: string) {
      return (await at.redeem((await at.signIn(email, browser)).get("code"))).body;
    },
  };
}

test.each([
  ["oneself", operator],
  ["an admin", admin],
])("a user revoked by %s gets no token for a refresh token of before, and is asked who it is [U4]", async (_, by) => {
  const world = await createWorld();
  const [theirs, others] = [person(world), person(world)];
  const [{ refresh_token: first }, { refresh_token: bystander }] = [await theirs.tokens(operator), await others.tokens(viewer)];
  const { status, body } = await theirs.refresh(first);
  expect(status).toBe(200);
  expect((await world.call("POST", `/v1/users/revoke?sub=${subOf(world, operator)}`, { as: by })).body).toMatchObject({ signIns: "ended" });
  expect((await theirs.refresh(body.refresh_token)).body.error).toBe("invalid_grant");
  const again = await theirs.browser.follow(await theirs.browser.get(theirs.authorizeUrl()), world.system.origin);
  expect(await again.text()).toContain("<form");
  expect((await others.refresh(bystander)).status).toBe(200);
  await world.clock.advance(1_000);
  const { access_token } = await theirs.tokens(operator);
  expect((await asking(world, access_token)("GET", "/v1/users/me")).status).toBe(200);
});

test("what a refresh token buys while the provider is being told is void as well, and its sessions end [U4]", async () => {
  const [asked, told] = [Promise.withResolvers<void>(), Promise.withResolvers<"ended">()];
  const end = () => {
    asked.resolve();
    return told.promise;
  };
  const world = await createWorld({ signIns: { end } });
  const robot = await world.createRobot();
  // Not waited for by the clock: it goes on while the provider is being told.
  const { idToken } = await world.system.identity.tokensFor(admin);
  const url = `${world.system.origin}/v1/users/revoke?sub=${subOf(world, operator)}`;
  const revoking = fetch(url, { method: "POST", headers: { authorization: `Bearer ${idToken}` } });
  await asked.promise;
  await world.clock.advance(2_000);
  const bought = (await world.system.identity.tokensFor(operator)).idToken;
  const client = await world.join(robot, operator);
  expect(client.last("welcome")).toBeDefined();
  told.resolve("ended");
  expect(await (await revoking).json()).toMatchObject({ revokedBefore: world.clock.now() + 1_000, signIns: "ended" });
  await world.idle();
  expect((await asking(world, bought)("GET", "/v1/users/me")).body).toMatchObject({ code: "auth.expired" });
  expect(client.last("bye")).toMatchObject({ cause: "user.revoked" });
});

test("where sign-ins are another's to end the answer says that they are kept [U4]", async () => {
  const world = await createWorld({ signIns: foreign });
  expect((await world.call("POST", `/v1/users/revoke?sub=${subOf(world, operator)}`, { as: admin })).body).toMatchObject({
    signIns: "kept",
  });
  expect((await world.call("GET", "/v1/users/me", { as: operator })).body).toMatchObject({ code: "auth.expired" });
});

test("where the provider cannot be told, sessions and tokens are over all the same, and the answer says what is not [U4]", async () => {
  const world = await createWorld({ signIns: { end: async () => "failed" } });
  const robot = await world.createRobot();
  const end = await world.join(robot, operator);
  const { status, body } = await world.call("POST", `/v1/users/revoke?sub=${subOf(world, operator)}`, { as: admin });
  await world.idle();
  expect([status, body]).toEqual([
    503,
    expect.objectContaining({ code: "issuer.unavailable", title: problems["issuer.unavailable"].says }),
  ]);
  expect([end.last("bye")?.cause, end.closed === undefined]).toEqual(["user.revoked", false]);
  expect((await world.call("GET", "/v1/users/me", { as: operator })).body).toMatchObject({ code: "auth.expired" });
});
