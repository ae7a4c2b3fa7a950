import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { one, types, variablesOf } from "./reading.ts";
import { region } from "./stand-in/account.ts";
import { type Deployed, deploy } from "./stand-in/deploy.ts";
import { type Lambda, relink, startLambda } from "./stand-in/lambda.ts";
import { startWorld, type World } from "./stand-in/world.ts";

const names = ["ApiHandler", "Authorizer", "BrokerHandler", "Presence", "Sweeper"] as const;
const origin = "https://ApiApi-id.execute-api.us-east-1.amazonaws.com";
const namespace = "tether/somewhere";
const robotId = "rob_01HZZZZZZZZZZZZZZZZZZZZZZZ";

let deployed: Deployed;
let world: World;
const lambdas = {} as Record<(typeof names)[number], Lambda>;

beforeAll(async () => {
  deployed = await deploy({ stage: "mine" });
  world = await startWorld(deployed.graph);
  for (const name of names) {
    const bundle = deployed.bundle(name);
    // Metrics are counted in production only.
    relink(bundle, { Broker: { managementEndpoint: world.management }, Metrics: { namespace, counted: "all" } });
    const { inputs, ...fn } = one(deployed.graph, types.fn, `${name}Function`);
    // Lambda adds these variables to the deployment's environment; the table is the local one instead.
    const account = { AWS_REGION: region, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    const env = { ...variablesOf({ inputs, ...fn }), ...account, AWS_ENDPOINT_URL_DYNAMODB: world.dynamodb };
    lambdas[name] = await startLambda(bundle, String(inputs.handler), env);
  }
});

afterAll(async () => {
  for (const lambda of Object.values(lambdas)) lambda.stop();
  await world?.stop();
  deployed?.remove();
});

/** An HTTP API event, payload format 2.0. */
async function http(method: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const requestContext = { domainName: "x", http: { method, path, sourceIp: "203.0.113.1", protocol: "HTTP/1.1" }, timeEpoch: 0 };
  const event = { version: "2.0", rawPath: path, rawQueryString: "", headers: { "content-type": "application/json" }, requestContext };
  const { result, error } = await lambdas.ApiHandler.invoke({
    ...event,
    isBase64Encoded: false,
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(error).toBeUndefined();
  const answer = result as { statusCode: number; body: string };
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
}

async function createRobot() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const { kty, crv, x } = publicKey.export({ format: "jwk" });
  const digest = await crypto.subtle.digest("SHA-256", Buffer.from(JSON.stringify({ crv, kty, x })));
  const kid = Buffer.from(digest).toString("base64url");
  const jwk = { kty: "OKP", crv: "Ed25519", x: String(x) } as const;
  const { robot, credential } = world.store.entities;
  await robot.create({ robotId, name: "Rover", createdAt: 0, createdBy: "me" }).go();
  await credential.create({ robotId, kid, state: "active", publicKey: jwk, registeredAt: 0, registeredBy: "me" }).go();
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: robotId, sub: robotId, aud: origin, iat: now, exp: now + 60, jti: randomBytes(12).toString("hex") };
  const input = `${part({ alg: "EdDSA", kid })}.${part(claims)}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
}

test("the API that was deployed answers for its health, and refuses what carries no token", async () => {
  expect(await http("GET", "/v1/health")).toMatchObject({ status: 200 });
  expect(await http("GET", "/v1/robots")).toMatchObject({ status: 401, body: { code: "auth.missing" } });
});

test("the authorizer that was deployed denies what is no ticket", async () => {
  const event = { methodArn: "arn:aws:execute-api:us-east-1:1:a/$default/$connect", headers: {} };
  expect(await lambdas.Authorizer.invoke(event)).toMatchObject({ result: { policyDocument: { Statement: [{ Effect: "Deny" }] } } });
});

test("a robot gets a ticket, connects, is welcomed and goes, through the handlers that were deployed", async () => {
  const { status, body } = await http("POST", "/v1/tickets/robot", { assertion: await createRobot() });
  expect([status, body]).toEqual([
    201,
    expect.objectContaining({ url: "wss://BrokerApi-id.execute-api.us-east-1.amazonaws.com/$default" }),
  ]);

  const methodArn = "arn:aws:execute-api:us-east-1:1:a/$default/$connect";
  const headers = { "Sec-WebSocket-Protocol": `tether.v1, ticket.${body.ticket}` };
  const { result } = await lambdas.Authorizer.invoke({ type: "REQUEST", methodArn, headers });
  const { policyDocument, context } = result as { policyDocument: object; context: object };
  expect(policyDocument).toMatchObject({ Statement: [{ Effect: "Allow", Resource: methodArn }] });

  const requestContext = { connectionId: "c1=", connectedAt: Date.now(), authorizer: context };
  const event = (eventType: string, more: object = {}, rest: object = {}) =>
    lambdas.BrokerHandler.invoke({ requestContext: { ...requestContext, eventType, ...more }, isBase64Encoded: false, ...rest });
  expect(await event("CONNECT", {}, { headers })).toMatchObject({
    result: { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "tether.v1" } },
  });
  const hello = JSON.stringify({ type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} });
  await event("MESSAGE", {}, { body: hello });
  expect(world.posted).toEqual([{ connection: "c1=", frame: expect.objectContaining({ type: "welcome" }) }]);
  await event("DISCONNECT", { disconnectStatusCode: 1001, disconnectReason: "Going away" });
  const { data } = await world.store.entities.session.query.primary({ robotId }).go();
  expect(data.map(({ state }) => state)).toEqual(["away"]);
});

test("the sweeper that was deployed runs and says what it found", async () => {
  expect(await lambdas.Sweeper.invoke({})).not.toHaveProperty("error");
  expect(lambdas.Sweeper.lines().at(-1)).toMatchObject({ level: "info", event: "sweep", due: 0, backlog: 0 });
});

test("the presence checks that were deployed run and say how many sessions there are", async () => {
  expect(await lambdas.Presence.invoke({})).not.toHaveProperty("error");
  expect(lambdas.Presence.lines().at(-1)).toMatchObject({ level: "info", event: "presence", failed: 0, backlog: 0 });
});

test("each invocation wrote one line of JSON without the ticket", () => {
  const lines = lambdas.BrokerHandler.lines();
  expect(lines.map(({ event }) => event)).toEqual(["connect", "frame", "disconnect"]);
  expect(JSON.stringify(lines)).not.toMatch(/ticket\./);
});

test("CloudWatch finds in a line what it counts", () => {
  const counted = lambdas.BrokerHandler.lines().flatMap(({ event, _aws, ...line }) => {
    const { CloudWatchMetrics } = (_aws ?? { CloudWatchMetrics: [] }) as {
      CloudWatchMetrics: { Namespace: string; Metrics: { Name: string }[] }[];
    };
    return CloudWatchMetrics.flatMap(({ Namespace, Metrics }) => Metrics.map(({ Name }) => [event, Namespace, Name, line[Name]]));
  });
  expect(counted).toEqual([
    ["frame", namespace, "Connects", 1],
    ["disconnect", namespace, "Away.gateway.closed", 1],
  ]);
});

test("each Lambda has at least twice the memory that its process held at most", () => {
  const peaks = names.map((name) => [name, Math.round(lambdas[name].peakMB())] as const);
  process.stdout.write(`At most so many MB were held: ${JSON.stringify(Object.fromEntries(peaks))}\n`);
  for (const [name, peakMB] of peaks) {
    expect(peakMB, name).toBeGreaterThan(30);
    expect(one(deployed.graph, types.fn, `${name}Function`).inputs.memorySize, name).toBeGreaterThanOrEqual(2 * peakMB);
  }
});
