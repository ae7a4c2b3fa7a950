import { expect, test } from "vitest";
import { createWorld, operator, owner } from "../../../local/test/world/world.ts";

test("the timeline says who did what and why, and what to do, newest first [P11]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot, operator);
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });
  const [ended, removed, online] = await world.timeline(robot);
  expect(online).toMatchObject({ type: "session.online", says: expect.stringMatching(/^\S.* is online\.$/) });
  expect(removed).toMatchObject({ type: "grant.removed", says: expect.stringContaining(`took email:${operator}'s access away.`) });
  expect(ended).toMatchObject({
    type: "session.ended",
    cause: "grant.removed",
    user: { id: expect.any(String), name: "Oscar Operator" },
    says: "Oscar Operator is gone. The access to this robot was taken away.",
    remedy: "Ask an owner of the robot for access.",
  });
});

test("a list gives a cursor while there is more, and refuses one that it did not give [A6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  for (let count = 0; count < 55; count++) {
    await world.join(robot);
    await world.clock.advance(10_000);
  }
  const first = await world.call<{ items: { id: string }[]; cursor: string }>("GET", `/v1/robots/${robot.id}/timeline`, { as: owner });
  const second = await world.call<{ items: { id: string }[]; cursor?: string }>(
    "GET",
    `/v1/robots/${robot.id}/timeline?cursor=${encodeURIComponent(first.body.cursor)}`,
    { as: owner },
  );
  const ids = [...first.body.items, ...second.body.items].map(({ id }) => id);
  expect(first.body.items).toHaveLength(50);
  expect(second.body.cursor).toBeUndefined();
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual([...ids].sort().reverse());
  const given = JSON.parse(Buffer.from(first.body.cursor, "base64url").toString());
  const crafted = [
    "nonsense",
    { pk: "x", sk: "y" },
    { ...given, sk: 7 },
    { ...given, sk: { S: "y" } },
    { ...given, sk: "" },
    { ...given, sk: `${given.sk}\ud800` },
    { ...given, sk: "$session_1#slot_robot" },
    { ...given, gsi1pk: "x" },
    { ...given, pk: given.pk.replace(/.$/, "#") },
    { ...given, __proto__: null, extra: "x".repeat(900) },
    [given],
    null,
  ].map((key) => (typeof key === "string" ? key : Buffer.from(JSON.stringify(key)).toString("base64url")));
  for (const list of ["timeline", "sessions", "grants"]) {
    for (const cursor of list === "timeline" ? crafted : [...crafted, first.body.cursor]) {
      const refused = await world.call("GET", `/v1/robots/${robot.id}/${list}?cursor=${encodeURIComponent(cursor)}`, { as: owner });
      expect([list, refused.status, refused.body.code]).toEqual([list, 400, "cursor.invalid"]);
    }
  }
});

test("sessions and grants give a next page by their own cursors [A6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  for (let count = 0; count < 55; count++) {
    await world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:u${count}@example.com`, role: "viewer" } });
    await world.say(await world.join(robot, operator), { type: "leave" });
  }
  for (const list of ["sessions", "grants"]) {
    const ids: unknown[] = [];
    let cursor = "";
    do {
      const path = `/v1/robots/${robot.id}/${list}${cursor && `?cursor=${encodeURIComponent(cursor)}`}`;
      const { status, body } = await world.call<{ items: { id?: string; to?: string }[]; cursor?: string }>("GET", path, { as: owner });
      expect(status).toBe(200);
      ids.push(...body.items.map(({ id, to }) => id ?? to));
      cursor = body.cursor ?? "";
    } while (cursor !== "");
    expect([list, new Set(ids).size, ids.length]).toEqual([list, list === "grants" ? 58 : 55, list === "grants" ? 58 : 55]);
  }
});

test("half of a surrogate pair alone is refused where it is text, and a stop with one is obeyed and told of [A12]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [machine, client] = [await world.join(robot), await world.join(robot, operator)];
  const half = '"\\ud800"';
  const asked = await Promise.all([
    world.call("POST", "/v1/robots", { as: owner, body: `{"name":${half}}` }),
    world.call("PATCH", `/v1/robots/${robot.id}`, { as: owner, body: `{"name":${half}}` }),
    world.call("POST", `/v1/robots/${robot.id}/sessions/${client.session}/end`, { as: owner, body: `{"reason":${half}}` }),
  ]);
  expect(asked.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([422, "request.invalid"]));
  for (const type of ["control.take", "leave"]) {
    await world.say(client, `{"type":"${type}","id":"${type}","reason":${half}}`);
    expect(client.frames.at(-1)).toMatchObject({ type: "problem", code: "frame.invalid", id: type });
  }
  await world.say(client, `{"type":"stop","reason":${half}}`);
  expect(machine.frames.at(-1)).toMatchObject({ type: "stop", reason: "\ufffd" });
  expect((await world.timeline(robot))[0]).toMatchObject({ type: "robot.stopped" });
});
