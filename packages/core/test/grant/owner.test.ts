import { seededRandom } from "@tether/local/fault/random";
import { expect, test } from "vitest";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { createTurns } from "../../../local/test/world/turns.ts";
import { admin, createWorld, type KeyHolder, operator, owner, viewer, type World } from "../../../local/test/world/world.ts";

const subOf = async (world: World, as: string) => (await world.call<{ id: string }>("GET", "/v1/users/me", { as })).body.id;
const grants = (robot: KeyHolder) => `/v1/robots/${robot.id}/grants`;
const give = (world: World, robot: KeyHolder, as: string, to: string, role: string) =>
  world.call("PUT", grants(robot), { as, body: { to, role } });
const take = (world: World, robot: KeyHolder, as: string, to: string) =>
  world.call("DELETE", `${grants(robot)}?to=${encodeURIComponent(to)}`, { as });

async function rolesOf({ system }: World, robot: KeyHolder): Promise<Record<string, string>> {
  const { data } = await system.store.entities.grant.query.primary({ robotId: robot.id }).go({ consistent: true });
  return Object.fromEntries(data.map(({ to, role }) => [to, role]));
}

test.each([
  ["remove", take],
  ["demote", (world: World, robot: KeyHolder, as: string, to: string) => give(world, robot, as, to, "viewer")],
])("two owners who %s each other at once, in any order of their requests, leave the robot an owner [A3]", async (_what, act) => {
  for (let seed = 1; seed <= 10; seed++) {
    const world = await createWorld({ turns: createTurns(seededRandom(seed)) });
    const robot = await world.createRobot();
    await give(world, robot, owner, `email:${operator}`, "owner");
    const sub = await subOf(world, owner);
    const answers = await Promise.all([act(world, robot, owner, `email:${operator}`), act(world, robot, operator, `sub:${sub}`)]);
    expect(Object.values(await rolesOf(world, robot))).toContain("owner");
    expect(answers.some(({ status }) => status < 300)).toBe(true);
  }
});

test("an admin who takes two owners away at once leaves one of them", async () => {
  const world = await createWorld({ turns: createTurns(seededRandom(7)) });
  const robot = await world.createRobot();
  await give(world, robot, owner, `email:${operator}`, "owner");
  const sub = await subOf(world, owner);
  await Promise.all([take(world, robot, admin, `email:${operator}`), take(world, robot, admin, `sub:${sub}`)]);
  expect(Object.values(await rolesOf(world, robot)).filter((role) => role === "owner")).toHaveLength(1);
});

test("who became an owner while a lesser role was written for them is not made less unchecked", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const sub = await subOf(world, owner);
  const { grant } = world.system.store.entities;
  meanwhile(world, async () => {
    await grant
      .patch({ robotId: robot.id, to: `email:${operator}` })
      .set({ role: "owner" })
      .go();
    await grant
      .patch({ robotId: robot.id, to: `sub:${sub}` })
      .set({ role: "viewer" })
      .go();
  });
  const { body } = await give(world, robot, owner, `email:${operator}`, "viewer");
  expect(body.code).toBe("grant.last-owner");
  expect((await rolesOf(world, robot))[`email:${operator}`]).toBe("owner");
});

test("the last owner is neither removed nor made less, not even by themselves", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const sub = await subOf(world, owner);
  expect((await give(world, robot, owner, `sub:${sub}`, "viewer")).body.code).toBe("grant.last-owner");
  expect((await take(world, robot, owner, `sub:${sub}`)).body.code).toBe("grant.last-owner");
  expect((await rolesOf(world, robot))[`sub:${sub}`]).toBe("owner");
});

test("who is given ownership by an operator or a viewer is nobody", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  for (const as of [operator, viewer]) {
    const refused = await give(world, robot, as, `email:${as}`, "owner");
    expect([refused.status, refused.body.code]).toEqual([403, "access.denied"]);
  }
  expect(await rolesOf(world, robot)).toMatchObject({ [`email:${operator}`]: "operator", [`email:${viewer}`]: "viewer" });
});
