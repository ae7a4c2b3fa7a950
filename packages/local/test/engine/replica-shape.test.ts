import { expect, test } from "vitest";
import { admin, createWorld, operator, owner } from "../world/world.ts";

/** The forms of a Query's condition that the replica understands. */
const understood = /^#pk = :pk( and (begins_with\(#sk1, :sk1\)|#sk1 < :sk1))?$/i;

test("every Query that is asked of the table has the names and forms by which the replica reads it", async () => {
  const world = await createWorld();
  const queries: Record<string, unknown>[] = [];
  world.system.requests.before((operation, body) => {
    if (operation === "Query") queries.push(body);
    return "pass";
  });
  const robot = await world.createRobot();
  await world.join(robot);
  const client = await world.join(robot, operator);
  await world.say(client, { type: "leave" });
  for (const list of ["timeline", "sessions", "grants", "credentials"])
    await world.call("GET", `/v1/robots/${robot.id}/${list}`, { as: owner });
  await world.call("GET", "/v1/robots", { as: operator });
  await world.call("POST", "/v1/users/revoke?sub=somebody", { as: admin });
  await world.clock.advance(120_000);

  expect(queries.length).toBeGreaterThan(10);
  for (const { KeyConditionExpression, ExpressionAttributeNames: names, ExpressionAttributeValues: values } of queries) {
    expect(KeyConditionExpression).toMatch(understood);
    expect(names).toHaveProperty(["#pk"]);
    expect(values).toHaveProperty([":pk", "S"]);
  }
  // Of a collection the entities are told apart by this attribute; each of its values has a name of this form.
  const filtered = queries.filter(({ FilterExpression }) => FilterExpression !== undefined);
  const named = filtered.flatMap(({ ExpressionAttributeValues }) => Object.keys(ExpressionAttributeValues as object));
  expect(named.some((name) => name.startsWith(":__edb_e__"))).toBe(true);
});
