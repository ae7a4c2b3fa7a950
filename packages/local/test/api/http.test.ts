import { problems } from "@tether/protocol/problem";
import { expect, test } from "vitest";
import { createWorld, operator, owner, stranger, viewer } from "../world/world.ts";

test("a problem is application/problem+json that says what is so and what to do [A1]", async () => {
  const world = await createWorld();
  const { status, body, headers } = await world.call("GET", "/v1/robots");
  const { says, remedy } = problems["auth.missing"];
  expect(body).toEqual({
    type: `${world.system.origin}/problems/auth.missing.html`,
    title: says,
    status: 401,
    detail: remedy,
    code: "auth.missing",
    serverTime: world.clock.now(),
  });
  expect([status, headers.get("content-type"), headers.get("www-authenticate")]).toEqual([401, "application/problem+json", "Bearer"]);
});

test.each([
  ["POST", "/v1/robots", "{", 400, "request.malformed"],
  ["POST", "/v1/robots", { name: 7 }, 422, "request.invalid"],
  ["POST", "/v1/robots", { name: " " }, 422, "request.invalid"],
  ["POST", "/v1/robots", { name: "x".repeat(70_000) }, 413, "request.too-large"],
  ["GET", "/v1/robots/rob_nonsense", undefined, 422, "request.invalid"],
  ["GET", "/v1/nothing", undefined, 404, "route.unknown"],
  ["POST", "/v1/tickets/client", { robot: "secret" }, 422, "request.invalid"],
  ["POST", "/v1/tickets/robot", { assertion: "secret" }, 401, "assertion.invalid"],
] as const)("%s %s with %j is answered %i %s, without an echo [A1]", async (method, path, body, status, code) => {
  const world = await createWorld();
  const answer = await world.call(method, path, { as: owner, ...(body !== undefined && { body }) });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(JSON.stringify(answer.body)).not.toMatch(/secret|xxx/);
});

test("who has no grant is told that there is no robot; who has too little, that it is not allowed [A3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const codes = async (as: string) =>
    Promise.all([
      world.call("GET", `/v1/robots/${robot.id}`, { as }),
      world.call("PATCH", `/v1/robots/${robot.id}`, { as, body: { name: "Mine" } }),
      world.call("DELETE", `/v1/robots/${robot.id}`, { as }),
      world.call("GET", `/v1/robots/${robot.id}/grants`, { as }),
      world.call("POST", `/v1/robots/${robot.id}/credentials`, { as, body: { publicKey: robot.publicKey } }),
    ]).then((answers) => answers.map(({ status, body }) => body.code ?? status));
  const denied = Array(4).fill("access.denied");
  expect(await codes(stranger)).toEqual(Array(5).fill("robot.unknown"));
  expect(await codes(viewer)).toEqual([200, ...denied]);
  expect(await codes(operator)).toEqual([200, ...denied]);
});

test("a create repeated with its idempotency key answers what the first did, for the same caller only [A5]", async () => {
  const world = await createWorld();
  const create = (as: string, key: string, name: string) =>
    world.call<{ id: string; name: string }>("POST", "/v1/robots", { as, body: { name }, headers: { "idempotency-key": key } });
  const first = await create(owner, "k1", "Rover");
  expect((await create(owner, "k1", "Other")).body).toEqual(first.body);
  expect((await create(owner, "k2", "Other")).body.id).not.toBe(first.body.id);
  expect((await create(stranger, "k1", "Theirs")).body.id).not.toBe(first.body.id);
  const refused = await create(owner, "x".repeat(201), "Rover");
  expect(refused.status).toBe(422);
});

test("a robot is created, listed, read, renamed and deleted, and keeps one owner", async () => {
  const world = await createWorld();
  const robot = await world.createRobot("Rover");
  const list = async (as: string) => {
    // The index by which robots are listed is behind the table.
    await world.idle();
    return (await world.call<{ items: { id: string; name: string; role: string }[] }>("GET", "/v1/robots", { as })).body.items;
  };
  expect(await list(owner)).toMatchObject([{ id: robot.id, name: "Rover", role: "owner" }]);
  expect(await list(operator)).toMatchObject([{ id: robot.id, role: "operator" }]);
  expect(await list(stranger)).toEqual([]);
  expect((await world.call("PATCH", `/v1/robots/${robot.id}`, { as: owner, body: { name: "Rex" } })).body).toMatchObject({ name: "Rex" });
  const me = world.system.identity.users.find(({ email }) => email === owner)?.sub;
  const last = await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=sub:${me}`, { as: owner });
  expect([last.status, last.body.code]).toEqual([409, "grant.last-owner"]);
  expect((await world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner })).status).toBe(204);
  expect([await list(owner), await list(operator)]).toEqual([[], []]);
});

test("the OpenAPI document describes every route, from the same schemas", async () => {
  const world = await createWorld();
  const { body } = await world.call<{ openapi: string; paths: Record<string, object> }>("GET", "/v1/openapi.json");
  expect(body.openapi).toBe("3.0.3");
  const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes).toEqual(
    expect.arrayContaining([
      "POST /v1/robots",
      "GET /v1/robots/{robot}/timeline",
      "POST /v1/tickets/robot",
      "PUT /v1/robots/{robot}/grants",
      "DELETE /v1/robots/{robot}/grants",
    ]),
  );
  expect(JSON.stringify(body.paths["/v1/tickets/client"])).toContain("serverTime");
});

test("a page of another origin may not call, one of ours may", async () => {
  const world = await createWorld();
  const from = (origin: string) => world.call("GET", "/v1/health", { headers: { origin } });
  expect((await from(world.system.origin)).headers.get("access-control-allow-origin")).toBe(world.system.origin);
  expect((await from("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
});

test("the frames and messages of the protocol are described beside the API", async () => {
  const world = await createWorld();
  const { status, body } = await world.call<{ asyncapi: string; components: { messages: object } }>("GET", "/v1/asyncapi.json");
  expect([status, body.asyncapi]).toEqual([200, "3.0.0"]);
  expect(Object.keys(body.components.messages)).toEqual(expect.arrayContaining(["to-broker.hello", "events-to-operator.stopped"]));
});
