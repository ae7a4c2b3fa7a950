import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { createWorld, operator, owner, viewer } from "../../../local/test/world/world.ts";

async function driven() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const give = (to: string, role: string) =>
    world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${to}`, role } });
  const client = await world.join(robot, operator);
  return { world, robot, give, client };
}

test("a change of somebody else's grant leaves control with its holder", async () => {
  const { world, give, client } = await driven();
  await world.say(client, { type: "control.request", id: "c1" });
  expect(client.last("control.granted")).toBeDefined();
  client.clear();
  await give(viewer, "viewer");
  expect(client.all("control.changed")).toEqual([]);
  await give(operator, "viewer");
  expect(client.all("control.changed").map(({ control }) => control.holder)).toEqual([undefined]);
});

test.each([
  ["given less", async ({ give }: Awaited<ReturnType<typeof driven>>) => give(operator, "viewer")],
  [
    "signed out everywhere",
    async ({ world }: Awaited<ReturnType<typeof driven>>) => {
      const { body } = await world.call<{ id: string }>("GET", "/v1/users/me", { as: operator });
      const { accessPolicy } = world.system.store.entities;
      await accessPolicy.put({ userId: body.id, revokedBefore: world.clock.now() + 1_000 }).go();
    },
  ],
])("who is %s between asking for control and the write does not get it", async (_what, change) => {
  const setting = await driven();
  const { world, client } = setting;
  meanwhile(world, () => change(setting));
  await world.say(client, { type: "control.request", id: "c1" });
  expect(client.last("control.granted")).toBeUndefined();
});

test("a lease renewed with fewer rights takes control with it [D6]", async () => {
  const { world, robot, robotEnd, driver } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.system.store.entities.grant
    .patch({ robotId: robot.id, to: `email:${operator}` })
    .set({ role: "viewer" })
    .go();
  const { body } = await world.ticketFor.client(robot, operator, { session: driver.session, use: "renew" });
  await world.say(driver, { type: "auth.renew", ticket: body.ticket });
  expect(robotEnd.last("control.changed")).toMatchObject({ because: "revoked", control: { epoch: 2 } });
  await world.say(driver, { type: "control.request" });
  expect(driver.last("problem")).toMatchObject({ code: "access.denied" });
});

test("a grant that was taken away behind the session's back renews nothing: the holder loses control there and then [D6]", async () => {
  const { world, robot, robotEnd, driver } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.system.store.entities.grant
    .patch({ robotId: robot.id, to: `email:${operator}` })
    .set({ role: "viewer" })
    .go();
  await world.say(driver, { type: "control.renew", epoch: 1 });
  expect(driver.last("problem")).toMatchObject({ code: "access.denied" });
  expect(driver.all("control.granted")).toHaveLength(1);
  expect(robotEnd.last("control.changed")).toMatchObject({ because: "revoked", actor: { type: "system" }, control: { epoch: 2 } });
});
