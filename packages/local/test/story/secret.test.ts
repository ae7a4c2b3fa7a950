import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { createDynamo } from "@tether/aws/dynamo";
import { coturnIce } from "@tether/core/ice";
import { expect, test } from "vitest";
import { anyone, tableName } from "../../src/table.ts";
import { createKey, hashOf, keysIn } from "../world/key.ts";
import { admin, createWorld, greeting, owner, viewer } from "../world/world.ts";

test("after a full run the table and the log hold no code, private key, token, assertion, proof, ticket or TURN credential [A8]", async () => {
  const ice = coturnIce({ urls: ["turn:turn.example.org"], secret: "c0turn-s3cret" });
  const world = await createWorld({ ice });
  const { createRobot, codeFor, redeem, rotate, ticket, revoke, list } = keysIn(world);
  const secrets: Record<string, string> = {};
  const robot = await createRobot();
  const [key, next, last] = [createKey(world), createKey(world, "P-256"), createKey(world)];
  const [unused, { code }] = [await codeFor(robot), await codeFor(robot)];
  const [proof, assertion, rotation] = [key.proof(hashOf(code)), next.assertion(robot), key.assertion(robot)];
  const { idToken, accessToken } = await world.system.identity.tokensFor(owner);
  await redeem(code, key, { proof });
  await rotate(robot, key, next, { assertion: rotation, retireNow: true });
  const bought = await world.call<{ ticket: string; session: { id: string } }>("POST", "/v1/tickets/robot", {
    body: { assertion, instance: "ins_aaaaaaaa" },
  });
  const end = await world.connect(bought.body.ticket);
  await world.say(end, { type: "hello", ...greeting });
  const clientTicket = await world.ticketFor.client({ id: robot } as never, owner);
  const client = await world.connect(clientTicket.body.ticket);
  await world.say(client, { type: "hello", ...greeting });
  await world.say(client, {
    type: "signal",
    to: bought.body.session.id,
    stream: 1,
    seq: 1,
    data: { kind: "offer", sdp: "v=0 s3cret-sdp" },
  });
  await world.call("POST", "/v1/robots", { headers: { authorization: `Bearer ${idToken}` }, body: { name: "Another" } });
  await world.call("GET", "/v1/users/me", { headers: { authorization: `Bearer ${accessToken}` } });
  await world.call("PUT", `/v1/robots/${robot}/grants`, { as: owner, body: { to: `email:${viewer}`, role: "viewer" } });
  await ticket(robot, key);
  await rotate(robot, next, last);
  await revoke(robot, next.kid, { force: true });
  await world.call("POST", `/v1/users/revoke?sub=${world.system.identity.users[0]?.sub}`, { as: admin });
  await world.clock.advance(60_000);
  const turn = [robot, world.system.identity.users[0]?.sub ?? ""].map(
    async (id) => (await ice.servers(id, world.clock.now() - 60_000))[0]?.credential ?? "",
  );
  Object.assign(secrets, { code, unused: unused.code, key: key.secret, next: next.secret, last: last.secret, proof, assertion, rotation });
  Object.assign(secrets, { idToken, accessToken, ticket: bought.body.ticket, clientTicket: clientTicket.body.ticket });
  Object.assign(secrets, { ice: "c0turn-s3cret", robotTurn: await turn[0], userTurn: await turn[1], sdp: "s3cret-sdp" });
  secrets.bareCode = code.replaceAll("-", "");
  for (const [name, secret] of Object.entries({ ...secrets })) {
    // Neither whole, nor its signature alone.
    if (secret.split(".").length === 3) secrets[`${name}'s signature`] = secret.split(".")[2] ?? "";
  }

  const dynamo = createDynamo({ ...anyone, endpoint: world.system.engineUrl });
  const { Items: items = [], LastEvaluatedKey: more } = await dynamo.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
  expect(more).toBeUndefined();
  const kinds = new Set(items.map((item) => item.__edb_e__));
  for (const kind of ["robot", "credential", "enrollment", "grant", "accessPolicy", "usedAssertion", "sessionRecord", "timelineEvent"])
    expect(kinds).toContain(kind);
  const [table, log] = [JSON.stringify(items), JSON.stringify(world.lines)];
  for (const [name, secret] of Object.entries(secrets)) {
    expect([name, secret.length >= 10]).toEqual([name, true]);
    expect([name, table.includes(secret), log.includes(secret)]).toEqual([name, false, false]);
  }
  // A log holds nothing that reads as a token, and no private part of a key.
  for (const text of [table, log]) {
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
    expect(text).not.toMatch(/"d":/);
  }
  // The scan finds what is there.
  expect(table).toContain(hashOf(code));
  expect((await list(robot)).every(({ kid }) => table.includes(kid))).toBe(true);
});
