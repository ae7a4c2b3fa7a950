import { expect, test } from "vitest";
import { createWorld, operator, owner, type World } from "../world/world.ts";

/** Names that other issuers give, and whom each would be if something decoded or split it once more. */
const names: readonly (readonly [name: string, bystander: string])[] = [
  ["auth0|5f7c", "auth0"],
  ["a/b", "a"],
  ["a%2Fb", "a/b"],
  ["a%252Fb", "a%2Fb"],
  ["a?b", "a"],
  ["a%3Fb", "a?b"],
  ["a#b", "a"],
  ["a+b", "a%20b"],
  ["a&sub=c", "a"],
  ["..", "."],
  ["50%", "50"],
];

const query = (fields: Record<string, string>) => new URLSearchParams(fields);

async function granted(world: World, robot: string): Promise<string[]> {
  const { body } = await world.call<{ items: { to: string; role: string }[] }>("GET", `/v1/robots/${robot}/grants`, { as: owner });
  return body.items.filter(({ role }) => role === "viewer").map(({ to }) => to);
}

const grantees = names.flatMap(([name, bystander]) => [
  [`sub:${name}`, `sub:${bystander}`] as const,
  // A grant's addresses are in small letters.
  [`email:${name}@example.com`.toLowerCase(), `email:${bystander}@example.com`.toLowerCase()] as const,
]);

test.each(grantees)("taking the role of %s takes it from nobody else [A11]", async (to, bystander) => {
  const world = await createWorld();
  const { body: robot } = await world.call<{ id: string }>("POST", "/v1/robots", { as: owner, body: { name: "Rover" } });
  const path = `/v1/robots/${robot.id}/grants`;
  for (const someone of [to, bystander])
    expect((await world.call("PUT", path, { as: owner, body: { to: someone, role: "viewer" } })).status).toBe(200);
  expect((await world.call("DELETE", `${path}?${query({ to })}`, { as: owner })).status).toBe(204);
  expect(await granted(world, robot.id)).toEqual([bystander]);
});

test.each(names)("signing out %s signs out nobody else [A11]", async (sub, bystander) => {
  const world = await createWorld();
  const tokenOf = async (name: string) => (await world.system.identity.tokensFor(operator, { claims: { sub: name } })).idToken;
  const headersOf = async (name: string) => ({ authorization: `Bearer ${await tokenOf(name)}` });
  const [own, others] = [await headersOf(sub), await headersOf(bystander)];
  const { status, body } = await world.call("POST", `/v1/users/revoke?${query({ sub })}`, { headers: own });
  expect([status, body.id]).toEqual([200, sub]);
  expect((await world.call("GET", "/v1/users/me", { headers: own })).body).toMatchObject({ code: "auth.expired" });
  expect((await world.call("GET", "/v1/users/me", { headers: others })).body).toMatchObject({ id: bystander });
});

type Schema = { pattern?: string; anyOf?: Schema[] };
type Parameter = { in: string; name: string; schema: Schema };

test("no path takes an id that means something else once it is decoded [A11]", async () => {
  const world = await createWorld();
  const { body } = await world.call<{ paths: Record<string, Record<string, { parameters?: Parameter[] }>> }>("GET", "/v1/openapi.json");
  const taken = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ parameters = [] }) => parameters.filter((one) => one.in === "path").map((one) => ({ path, ...one }))),
  );
  expect(taken.length).toBeGreaterThan(10);
  for (const { path, name, schema } of taken) {
    const patterns = (schema.anyOf ?? [schema]).map((one) => new RegExp(one.pattern ?? "", "u"));
    const texts = [..."/%?#+&;. @|".split(""), "ö"].flatMap((character) => [character, `a${character}b`, `${"a".repeat(42)}${character}`]);
    for (const text of texts) for (const pattern of patterns) expect(pattern.test(text), `${path} ${name} ${text}`).toBe(false);
  }
});
