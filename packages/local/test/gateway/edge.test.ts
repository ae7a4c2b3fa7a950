import { edgeHeader, parseEdgeKeys } from "@tether/aws/edge";
import { limits } from "@tether/protocol/limits";
import { offer } from "@tether/protocol/subprotocol";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { createKey } from "../world/key.ts";
import { createWorld, owner, type World } from "../world/world.ts";

const [newest, older] = ["n".repeat(22), "o".repeat(22)];
const behindEdge = () => createWorld({ edgeKeys: [newest, older] });
const throughEdge = (key: string, viewer = "203.0.113.7") => ({ [edgeHeader]: key, "x-forwarded-for": `198.51.100.1, ${viewer}` });

/** The status of a handshake with a good ticket. */
async function handshake(world: World, headers: Record<string, string>): Promise<number | undefined> {
  const through = throughEdge(newest);
  const { body: robot } = await world.call("POST", "/v1/robots", { as: owner, body: { name: "Rover" }, headers: through });
  const asked = { as: owner, body: { robot: robot.id }, headers: through };
  const { ticket } = (await world.call<{ ticket: string }>("POST", "/v1/tickets/client", asked)).body;
  const socket = new WebSocket(world.system.brokerUrl, offer(ticket), { headers });
  return new Promise((resolve) => {
    socket.on("open", () => {
      resolve(101);
      socket.terminate();
    });
    socket.on("unexpected-response", (request, { statusCode }) => {
      resolve(statusCode);
      request.destroy();
    });
    socket.on("error", () => undefined);
  });
}

test.each([
  ["nothing", {}],
  ["another key", throughEdge("x".repeat(22))],
  ["an empty key", throughEdge("")],
])("a request that shows %s of the edge is refused on every route, and asks nothing of the store [A14]", async (_, headers) => {
  const world = await behindEdge();
  world.system.requests.reset();
  for (const [method, path] of [
    ["GET", "/v1/health"],
    ["GET", "/v1/nowhere"],
    ["POST", "/v1/tickets/robot"],
    ["OPTIONS", "/v1/robots"],
  ] as const)
    expect(await world.call(method, path, { headers })).toMatchObject({ status: 403, body: { code: "edge.bypassed" } });
  expect(world.system.requests.counts()).toEqual({});
});

test("a handshake around the edge is refused with a good ticket [A14]", async () => {
  expect(await handshake(await behindEdge(), {})).toBe(403);
});

test.each([
  ["newest", newest],
  ["older", older],
])("with the %s of the edge's keys requests and handshakes are let in [A14]", async (_, key) => {
  const world = await behindEdge();
  expect((await world.call("GET", "/v1/health", { headers: throughEdge(key) })).status).toBe(200);
  expect(await handshake(world, throughEdge(key))).toBe(101);
});

/** How many guesses of a code are let through from an address. */
async function guesses(world: World, headers: Record<string, string>): Promise<number> {
  const { publicKey } = createKey(world);
  let through = 0;
  for (let guess = 0; guess < limits.rate.enrollment.burst + 1; guess++) {
    const body = { code: "7K3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STVW", publicKey, proof: "a.b.c" };
    if ((await world.call("POST", "/v1/enrollments/redeem", { body, headers })).status !== 429) through++;
  }
  return through;
}

test("behind the edge each address has its own share, and no header that a client writes gives it another's [A14]", async () => {
  const world = await behindEdge();
  const { burst } = limits.rate.enrollment;
  expect(await guesses(world, throughEdge(newest, "203.0.113.7"))).toBe(burst);
  expect(await guesses(world, throughEdge(newest, "203.0.113.8"))).toBe(burst);
  expect(await guesses(world, { ...throughEdge(newest, "203.0.113.7"), "x-forwarded-for": "192.0.2.9, 203.0.113.7" })).toBe(0);
});

test("without an edge a forwarded address counts for nothing", async () => {
  const world = await createWorld();
  expect(await guesses(world, { "x-forwarded-for": "203.0.113.7" })).toBe(limits.rate.enrollment.burst);
  expect(await guesses(world, { "x-forwarded-for": "203.0.113.8" })).toBe(0);
});

test("a key of the edge that can be guessed is no key", () => {
  expect(() => parseEdgeKeys("short")).toThrow("22");
  expect(parseEdgeKeys(` ${newest}, ${older} ,`)).toEqual([newest, older]);
  expect(parseEdgeKeys("")).toEqual([]);
});
