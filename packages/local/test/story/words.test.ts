import { expect, test } from "vitest";
import { createWorld, operator, owner } from "../world/world.ts";

test("the timeline says who did what and why, and what to do, newest first", async () => {
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
    says: "The operator is gone. The access to this robot was taken away.",
    remedy: "Ask an owner of the robot for access.",
  });
});

test("a list gives a cursor while there is more, and refuses one that it did not give [A6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  for (let count = 0; count < 30; count++) {
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
  for (const cursor of ["nonsense", Buffer.from('{"pk":"x","sk":"y"}').toString("base64url")]) {
    const refused = await world.call("GET", `/v1/robots/${robot.id}/timeline?cursor=${cursor}`, { as: owner });
    expect([refused.status, refused.body.code]).toEqual([400, "cursor.invalid"]);
  }
});
