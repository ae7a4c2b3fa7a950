import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createKey, keysIn } from "../../../local/test/world/key.ts";
import { createWorld, operator, owner, type Reply, viewer } from "../../../local/test/world/world.ts";
import { foreign } from "../../src/user/index.ts";

const { ticket, enrollment } = limits.rate;

/** Asks so often at one instant; answers how many were let through, and the first refusal. */
async function flood(times: number, ask: () => Promise<Reply<unknown>>) {
  const answers: Reply<unknown>[] = [];
  for (let time = 0; time < times; time++) answers.push(await ask());
  const refused = answers.filter(({ status }) => status === 429);
  return { through: answers.length - refused.length, refused };
}

test("a robot that asks for tickets without end is told when to come back, and let in then; no other waits for it [A7]", async () => {
  const world = await createWorld();
  const [robot, other] = [await world.createRobot(), await world.createRobot("Other")];
  const { through, refused } = await flood(ticket.burst + 3, () => world.ticketFor.robot(robot));
  expect([through, refused.length]).toEqual([ticket.burst, 3]);
  expect(refused[0]?.body).toMatchObject({ code: "rate.limited" });
  expect(refused.map(({ headers }) => headers.get("retry-after"))).toEqual(["1", "1", "1"]);
  expect([(await world.ticketFor.robot(other)).status, (await world.ticketFor.client(robot, operator)).status]).toEqual([201, 201]);
  await world.clock.advance(1_000);
  expect([(await world.ticketFor.robot(robot)).status, (await world.ticketFor.robot(robot)).status]).toEqual([201, 429]);
});

test("a user is bounded over tickets and ICE servers together, and another is not [A7]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { through } = await flood(ticket.burst, () => world.call("GET", "/v1/ice-servers", { as: operator }));
  expect([through, (await world.ticketFor.client(robot, operator)).status]).toEqual([ticket.burst, 429]);
  expect((await world.ticketFor.client(robot, viewer)).status).toBe(201);
});

test("codes are made and guessed at a bounded rate, and a refusal asks nothing of the store [A7, N4]", async () => {
  const world = await createWorld();
  const { createRobot, codeFor, redeem } = keysIn(world);
  const robot = await createRobot();
  const key = createKey(world);
  const guesses = await flood(enrollment.burst + 1, () => redeem("7K3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STVW", key));
  expect([guesses.through, guesses.refused[0]?.headers.get("retry-after")]).toEqual([enrollment.burst, String(enrollment.everyMs / 1000)]);
  expect((await codeFor(robot)).code).toBeDefined();
  await flood(enrollment.burst - 1, () => world.call("POST", `/v1/robots/${robot}/enrollments`, { as: owner }));
  world.system.requests.reset();
  expect((await world.call("POST", `/v1/robots/${robot}/enrollments`, { as: owner })).status).toBe(429);
  expect((await redeem("7K3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STVW", key)).status).toBe(429);
  expect(world.system.requests.counts()).toEqual({});
});

test("a stranger who names a robot uses up nobody's share but that of the own address [A7]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const forged = robot.assertion().replace(/.{20}$/, "A".repeat(20));
  const { through } = await flood(ticket.burst, () => world.call("POST", "/v1/tickets/robot", { body: { assertion: forged } }));
  expect(through).toBe(ticket.burst);
  // All of this test comes from one address; Lambda's events say another.
  const { createApp } = await import("@tether/api/app");
  const settings = {
    origin: world.system.origin,
    brokerUrl: world.system.brokerUrl,
    corsOrigins: [],
    edgeKeys: [],
    signIn: { issuer: world.system.identity.issuer, clientId: "console" },
  };
  const verifier = { verify: async () => ({ problem: "auth.invalid" }) as const };
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const app = createApp({ ...world.system.env, random, verifier, signIns: foreign, settings });
  const from = (sourceIp: string, assertion: string) =>
    app.request(
      "/v1/tickets/robot",
      { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ assertion }) },
      { requestContext: { http: { sourceIp } } },
    );
  for (let time = 0; time < ticket.burst; time++) expect((await from("192.0.2.1", forged)).status).toBe(401);
  expect([(await from("192.0.2.1", forged)).status, (await from("192.0.2.2", robot.assertion())).status]).toEqual([429, 201]);
});

test("tickets that all ask for at once are refused before the API runs, those of one second are not, and other routes stay open", async () => {
  const world = await createWorld();
  const most = Math.floor(limits.gateway.connectsPerSecond * limits.admission.share);
  const ask = () => world.call("POST", "/v1/tickets/robot", { body: {} });
  const { through, refused } = await flood(most + 2, ask);
  expect([through, refused.map(({ body }) => body)]).toEqual([most, [{ message: "Too Many Requests" }, { message: "Too Many Requests" }]]);
  expect(world.lines.filter(({ event }) => event === "request")).toHaveLength(most);
  expect([world.system.throttle.refused(), (await world.call("GET", "/v1/health")).status]).toEqual([2, 200]);
  await world.clock.advance(1_000);
  expect((await flood(most, ask)).through).toBe(most);
});
