import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { type KeyHolder, operator, viewer, type World } from "../../../local/test/world/world.ts";

/** Sets a role as if nobody had taken what it no longer allows. */
const setRole = ({ system }: World, { id }: KeyHolder, who: string, role: "operator" | "viewer") =>
  system.store.entities.grant
    .patch({ robotId: id, to: `email:${who}` })
    .set({ role })
    .go();

async function renew(world: World, robot: KeyHolder, end: RawEnd, as: string): Promise<void> {
  await world.clock.advance(1_000);
  const { body } = await world.ticketFor.client(robot, as, { session: end.session, use: "renew" });
  await world.say(end, { type: "auth.renew", id: "r", ticket: body.ticket });
}

test("a renewal with fewer rights while the next connection waits takes control as well [D6]", async () => {
  const { world, robot, driver } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.connect((await world.ticketFor.client(robot, operator, { session: driver.session })).body.ticket);
  await setRole(world, robot, operator, "viewer");
  await renew(world, robot, driver, operator);
  expect([driver.all("auth.renewed").length, driver.last("control.changed")?.because]).toEqual([1, "revoked"]);
});

test("a renewal with fewer rights takes control from a client that connected with no more than these [D6]", async () => {
  const { world, robot, watcher } = await attended();
  const role = async (to: "operator" | "viewer") => {
    await setRole(world, robot, viewer, to);
    await renew(world, robot, watcher, viewer);
  };
  await role("operator");
  await world.say(watcher, { type: "control.request" });
  expect(watcher.all("control.granted")).toHaveLength(1);
  await role("viewer");
  expect([watcher.all("auth.renewed").length, watcher.last("control.changed")?.because]).toEqual([2, "revoked"]);
});
