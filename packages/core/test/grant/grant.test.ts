import { describe, expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import {
  admin,
  createWorld,
  type KeyHolder,
  noon,
  operator,
  owner,
  stranger,
  viewer,
  type World,
} from "../../../local/test/world/world.ts";

type Listed = { items: { to: string; role: string; givenAt: number; givenBy: string }[]; cursor?: string };

const path = ({ id }: KeyHolder) => `/v1/robots/${id}/grants`;
const give = ({ call }: World, robot: KeyHolder, to: string, role: string, as = owner) =>
  call("PUT", path(robot), { as, body: { to, role } });
const take = ({ call }: World, robot: KeyHolder, to: string, as = owner) =>
  call("DELETE", `${path(robot)}?to=${encodeURIComponent(to)}`, { as });
const list = ({ call }: World, robot: KeyHolder, as = owner) => call<Listed>("GET", path(robot), { as });
const events = async (world: World, robot: KeyHolder, type: string) => (await world.timeline(robot)).filter((entry) => entry.type === type);

describe("a grant", () => {
  test("is answered and listed as it was given, by whom and when, and is on the timeline", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    await world.clock.advance(5_000);
    const { id } = (await world.call<{ id: string }>("GET", "/v1/users/me", { as: owner })).body;
    const grant = { to: "email:new@example.com", role: "operator", givenAt: noon + 5_000, givenBy: id };
    expect(await give(world, robot, grant.to, grant.role)).toMatchObject({ status: 200, body: grant });
    expect((await list(world, robot)).body.items).toContainEqual(grant);
    const [entry] = await events(world, robot, "grant.given");
    expect(entry).toMatchObject({ inferred: false, actor: { type: "user" }, evidence: { to: grant.to, role: "operator" } });
  });

  test("given again replaces the role, and nobody else's", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    for (const role of ["owner", "viewer", "operator", "owner", "operator"]) {
      expect((await give(world, robot, `email:${viewer}`, role)).status).toBe(200);
      const roles = Object.fromEntries((await list(world, robot)).body.items.map((one) => [one.to, one.role]));
      expect(roles).toMatchObject({ [`email:${viewer}`]: role, [`email:${operator}`]: "operator" });
    }
  });

  test("is listed to an admin as to an owner", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    const { body } = await list(world, robot);
    expect(body.items.map(({ role }) => role).sort()).toEqual(["operator", "owner", "viewer"]);
    expect((await list(world, robot, admin)).body).toEqual(body);
  });

  test.each([
    [operator, 403, "access.denied"],
    [viewer, 403, "access.denied"],
    [stranger, 404, "robot.unknown"],
  ])("is not %s's to give, take or see [A3]", async (as, status, code) => {
    const world = await createWorld();
    const robot = await world.createRobot();
    const answers = [
      await give(world, robot, "email:new@example.com", "viewer", as),
      await take(world, robot, `email:${viewer}`, as),
      await list(world, robot, as),
    ];
    expect(answers).toMatchObject(answers.map(() => ({ status, body: { code } })));
    expect((await list(world, robot)).body.items).toHaveLength(3);
    expect(await events(world, robot, "grant.removed")).toEqual([]);
  });

  test("on a robot that was deleted is on none", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    await world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner });
    for (const as of [owner, admin]) {
      expect((await give(world, robot, "email:new@example.com", "owner", as)).body).toMatchObject({ code: "robot.unknown" });
      expect((await take(world, robot, `email:${viewer}`, as)).body).toMatchObject({ code: "robot.unknown" });
    }
  });
});

describe("a role that becomes less", () => {
  test.each(["viewer", "operator"])(
    "takes control from its holder where it no longer allows to drive, and from nobody else: %s [D6]",
    async (role) => {
      const { world, robot, driver, boss } = await attended();
      await give(world, robot, `email:${viewer}`, "operator");
      await world.say(driver, { type: "control.request" });
      await give(world, robot, `email:${viewer}`, "viewer");
      expect(boss.all("control.changed").map(({ because }) => because)).toEqual(["granted"]);
      await give(world, robot, `email:${operator}`, role);
      expect(boss.all("control.changed").map(({ because }) => because)).toEqual(role === "viewer" ? ["granted", "revoked"] : ["granted"]);
      expect([driver.closed, boss.closed]).toEqual([undefined, undefined]);
    },
  );
});

describe("a grant that is taken", () => {
  test("ends the sessions that depend on it with the cause and the owner who took it, and no other [P2]", async () => {
    const { world, robot, driver, boss, watcher, robotEnd } = await attended();
    expect((await take(world, robot, `email:${operator}`)).status).toBe(204);
    expect(driver.last("bye")).toMatchObject({ cause: "grant.removed", actor: { type: "user" }, inferred: false });
    expect(driver.closed).toBeDefined();
    expect(robotEnd.last("peer.ended")).toMatchObject({ session: driver.session, cause: "grant.removed" });
    expect([boss.closed, watcher.closed, robotEnd.closed]).toEqual([undefined, undefined, undefined]);
    expect((await events(world, robot, "grant.removed"))[0]).toMatchObject({
      inferred: false,
      actor: { type: "user" },
      evidence: { to: `email:${operator}` },
    });
    expect((await list(world, robot)).body.items.map(({ to }) => to)).not.toContain(`email:${operator}`);
  });

  test("a second time is unknown, and so is one that nobody ever had", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    await take(world, robot, `email:${operator}`);
    for (const to of [`email:${operator}`, "email:nobody@example.com"])
      expect(await take(world, robot, to)).toMatchObject({ status: 404, body: { code: "grant.unknown" } });
    expect(await events(world, robot, "grant.removed")).toHaveLength(1);
  });

  test("is an owner's only while another owner is left, who may take it", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    await give(world, robot, `email:${operator}`, "owner");
    const { id } = (await world.call<{ id: string }>("GET", "/v1/users/me", { as: owner })).body;
    expect((await take(world, robot, `sub:${id}`, operator)).status).toBe(204);
    expect((await take(world, robot, `email:${operator}`, operator)).body).toMatchObject({ code: "grant.last-owner" });
    expect((await list(world, robot)).body).toMatchObject({ code: "robot.unknown" });
  });
});
